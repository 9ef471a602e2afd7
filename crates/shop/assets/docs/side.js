/*
 * The list of calls at the side of the API documentation, and the box that filters it
 * and the page together.
 */
import { el } from "./dom.js";
import { words } from "./words.js";

export const methodMark = (method) => el("span", { class: "method", "data-method": method }, method);

export function sideGroup(group) {
  return el(
    "section",
    {},
    el("h2", {}, group.name),
    el(
      "ul",
      { class: "places" },
      group.calls.map((call) =>
        el(
          "li",
          { "data-words": [call.method, call.path, call.summary, call.id].join(" ").toLowerCase() },
          el(
            "a",
            { href: "#" + call.id },
            methodMark(call.method),
            el("span", {}, call.path.replace(/^\/api\/v1/, "") || call.path),
          ),
        ),
      ),
    ),
  );
}

export function filterBox() {
  const input = el("input", {
    class: "input",
    type: "search",
    placeholder: words.filter,
    "aria-label": words.filter,
    "data-search": true,
  });
  const none = el("p", { class: "soft", hidden: true }, words.nothing);
  input.addEventListener("input", () => {
    const wanted = input.value.trim().toLowerCase().split(/\s+/);
    let shown = 0;
    for (const line of document.querySelectorAll("[data-words]")) {
      line.hidden = !wanted.every((word) => line.dataset.words.includes(word));
      if (!line.hidden) shown += 1;
    }
    for (const section of document.querySelectorAll("#calls section, #content section:has(> .call)")) {
      section.hidden = !section.querySelector("[data-words]:not([hidden])");
    }
    none.hidden = shown > 0;
  });
  return el("div", { class: "stack tight" }, input, none);
}
