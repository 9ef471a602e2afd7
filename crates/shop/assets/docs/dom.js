/*
 * Making elements. Text always goes in as text, never as markup, so nothing that a
 * document or an answer says can run here.
 */

/* el("p", { class: "soft" }, "Hola ", strong) */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, String(value));
  }
  element.append(...children.flat().filter((child) => child != null && child !== ""));
  return element;
}

/* The little Markdown that API descriptions use: paragraphs, "- " lists, `code`, **bold**, *italic*. */
export function prose(text) {
  return String(text || "")
    .split(/\n{2,}/)
    .filter((block) => block.trim())
    .map((block) => {
      const lines = block.split("\n");
      if (lines.every((line) => /^\s*[-*] /.test(line))) {
        return el(
          "ul",
          {},
          lines.map((line) => el("li", {}, inline(line.replace(/^\s*[-*] /, "")))),
        );
      }
      return el("p", {}, inline(lines.join(" ")));
    });
}

export function inline(text) {
  return String(text || "")
    .split(/(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s][^*]*\*)/)
    .map((part) => {
      if (/^`.+`$/.test(part)) return el("code", {}, part.slice(1, -1));
      if (/^\*\*.+\*\*$/.test(part)) return el("strong", {}, part.slice(2, -2));
      if (/^\*[^*]+\*$/.test(part)) return el("em", {}, part.slice(1, -1));
      return part;
    });
}
