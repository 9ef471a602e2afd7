/*
 * Comfort for whoever checks a paper against its picture: the place of the field that one
 * is in is shown in the picture, Enter goes on to the next field, and a paper that is still
 * being read opens by itself when it has been. The page works without this file; the
 * attributes it knows are listed in README.md.
 */
const LOOK_AGAIN_MS = 2000; // a page takes some seconds to read
const FIELDS = "input:not([type=hidden], [type=checkbox]), select";

const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));

/* The place in the picture. `data-spot` is page, left, top, width and height in thousandths. */

function showSpot(field) {
  for (const frame of all(".spot")) frame.hidden = true;
  const [page, ...box] = (field.closest("[data-spot]")?.dataset.spot || "").split(" ").map(Number);
  const frame = document.querySelector(`[data-page="${page}"] .spot`);
  if (!frame) return;
  ["left", "top", "width", "height"].forEach((side, at) => frame.style.setProperty(side, `${box[at] / 10}%`));
  frame.hidden = false;
  // Only the pictures move: the field stays where the eye and the hand are.
  const pictures = frame.closest(".pictures");
  const [outer, inner] = [pictures.getBoundingClientRect(), frame.getBoundingClientRect()];
  pictures.scrollTop += inner.top - outer.top - outer.height / 3;
}

/* Keys of a form that is read beside a picture. */

function focusNext(form, field, wanted) {
  const fields = all(FIELDS, form).filter((one) => one.offsetParent !== null);
  const at = fields.indexOf(field);
  const next = [...fields.slice(at + 1), ...fields.slice(0, Math.max(at, 0))].find(wanted);
  if (!next) return;
  next.focus();
  if (next.select) next.select();
}

const wantsLook = (field) =>
  field.getAttribute("aria-invalid") === "true" || field.closest("[data-doubtful]") !== null;

function key(event) {
  const form = event.target.closest?.("form[data-fast]") || document.querySelector("form[data-fast]");
  if (!form || event.isComposing || event.defaultPrevented) return;
  if (event.key === "F8") focusNext(form, event.target, wantsLook);
  else if (event.key === "Enter" && event.ctrlKey) form.requestSubmit(form.querySelector("button.primary"));
  else if (event.key === "Enter" && form.contains(event.target) && event.target.matches(FIELDS))
    focusNext(form, event.target, () => true);
  else return;
  event.preventDefault();
}

/* A paper that is being read. */

async function lookAgain() {
  const waiting = document.querySelector("[data-reading]");
  if (!waiting) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  const page = answer && answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  const now = page && (page.querySelector("[data-reading]")?.dataset.reading || "");
  const isBusy = all("input[type=file]").some((field) => field.value !== "") || document.querySelector("dialog[open]");
  if (now !== null && now !== waiting.dataset.reading && !isBusy) location.reload();
  else setTimeout(lookAgain, LOOK_AGAIN_MS);
}

document.addEventListener("focusin", (event) => showSpot(event.target));
document.addEventListener("keydown", key);
if (document.querySelector("[data-reading]")) setTimeout(lookAgain, LOOK_AGAIN_MS);
