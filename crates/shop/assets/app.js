/*
 * Comfort for people whose browser runs JavaScript. Every page works without this file:
 * here are shortcuts, the barcode scanner, reading preferences and live stock, found by
 * their data attributes (listed in README.md). No markup is made here and no rule of the
 * shop is known here; what a number looks like is the server's decision.
 */
const BURST_GAP_MS = 50; // a scanner types faster than any hand
const CODE_LENGTH_MIN = 5; // the shortest PLU; the longest code is ITF-14
const CODE_LENGTH_MAX = 14;
const CODE_LENGTH_BARCODE = 8; // the shortest barcode; fewer digits in a quantity are a quantity
const CHORD_MS = 1200; // time between "g" and its second key
const TOAST_MS = 10000; // long enough to read twice
const COPIED_MS = 3000; // "copied" stays on its button so long
const REFRESH_MS = 1500; // a busy till must not turn every open page into a storm of requests
const CHANGED_SKUS_MAX = 200; // a page never asks for more rows at once

const root = document.documentElement;
const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));

/* Reading preferences. theme.js applied them before the first paint. */

function remember(name, value) {
  try {
    if (value) localStorage.setItem("gondola." + name, value);
    else localStorage.removeItem("gondola." + name);
  } catch {
    /* storage refused: the choice lasts for this page */
  }
}

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function showPreferences() {
  for (const button of all("[data-toggle]")) {
    const on = button.dataset.toggle === "theme" ? isDark() : root.dataset.text === "large";
    button.setAttribute("aria-pressed", String(on));
  }
}

function toggle(what) {
  if (what === "theme") {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember("theme", root.dataset.theme);
  } else if (root.dataset.text === "large") {
    delete root.dataset.text;
    remember("text", null);
  } else {
    root.dataset.text = "large";
    remember("text", "large");
  }
  showPreferences();
}

/* Clicks on things that carry a data attribute. */

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggle], [data-dialog], [data-step], [data-copy], [data-print]");
  if (!button) return;
  if (button.dataset.toggle) toggle(button.dataset.toggle);
  else if (button.dataset.dialog) openDialog(button.dataset.dialog);
  else if (button.dataset.step) step(button);
  else if (button.dataset.copy) copy(button);
  else window.print();
});

function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

/* Copies what a field holds; the button says so for a while. A page that came without TLS is given no clipboard:
   there the field is selected and the browser asked the old way. */
async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    if (!document.execCommand("copy")) return;
  }
  const label = button.querySelector("[aria-live]");
  const before = label.textContent;
  if (before === button.dataset.done) return;
  label.textContent = button.dataset.done;
  setTimeout(() => (label.textContent = before), COPIED_MS);
}

/* One more or one less. Works on the digits as text, so that no fraction is ever rounded:
   only the whole part changes, and it stops at zero. */
function step(button) {
  const input = document.getElementById(button.dataset.for);
  const [, whole, rest] = /^(\d{1,6})?([.,]\d{1,3})?$/.exec(input.value.trim()) || [];
  if (whole === undefined && rest === undefined && input.value.trim() !== "") return;
  const next = Number.parseInt(whole || "0", 10) + Number.parseInt(button.dataset.step, 10);
  if (next < 0) return;
  input.value = String(next) + (rest || "");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Unsaved work. */

const unsaved = new Set();
const watched = (event) => event.target.closest && event.target.closest("form[data-dirty-check]");
document.addEventListener("input", (event) => {
  const form = watched(event);
  if (form) unsaved.add(form);
});
document.addEventListener("submit", (event) => {
  unsaved.delete(event.target);
});
document.addEventListener("reset", (event) => {
  unsaved.delete(event.target);
});
window.addEventListener("beforeunload", (event) => {
  for (const form of unsaved)
    if (form.isConnected) {
      event.preventDefault();
      return;
    }
});

/* Keyboard: single keys outside of fields, and "g" followed by a place. */

const PLACES = { i: "/", p: "/products" };
let chordStarted = 0;

const isTyping = (element) => element && element.closest("input, textarea, select, [contenteditable]");

function follow(key) {
  const target = all("[data-key]").find((element) => element.dataset.key === key);
  if (target) {
    target.click();
    return true;
  }
  const link = { n: "/stock/movements/new", t: "/transfers/new" }[key];
  if (!link) return false;
  location.assign(link);
  return true;
}

function focusSearch() {
  const field = document.querySelector("[data-search]");
  if (field) {
    field.focus();
    field.select();
  } else if (document.body.dataset.searchHref) location.assign(document.body.dataset.searchHref);
}

function leave(element) {
  const open = document.querySelector("details.more[open]");
  if (open) open.open = false;
  else if (element && element !== document.body) element.blur();
}

function shortcut(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) return leave(document.activeElement);
  if (isTyping(event.target) || document.querySelector("dialog[open]") || !document.body.dataset.searchHref) return;
  const inChord = event.timeStamp - chordStarted < CHORD_MS;
  chordStarted = 0;
  if (inChord && PLACES[event.key]) location.assign(PLACES[event.key]);
  else if (event.key === "g") chordStarted = event.timeStamp;
  else if (event.key === "/") {
    event.preventDefault();
    focusSearch();
  } else if (event.key === "?") openDialog("keys");
  else if (event.key.length === 1 && follow(event.key)) event.preventDefault();
}

/* Barcode scanner: a keyboard that types digits in a burst and then presses Enter.
   In a text field the digits stay there, as typing would; anywhere else they open the product. */

let burst = "";
let lastKeyAt = 0;

function scan(event) {
  const gap = event.timeStamp - lastKeyAt;
  lastKeyAt = event.timeStamp;
  if (/^\d$/.test(event.key)) {
    burst = gap < BURST_GAP_MS ? (burst + event.key).slice(-CODE_LENGTH_MAX - 1) : event.key;
    return false;
  }
  const code = event.key === "Enter" && gap < BURST_GAP_MS ? burst : "";
  burst = "";
  if (code.length < CODE_LENGTH_MIN || code.length > CODE_LENGTH_MAX) return false;
  if (event.target.dataset && event.target.dataset.scan) return handOver(event, code);
  if (isTyping(event.target) || !document.body.dataset.searchHref) return false;
  event.preventDefault();
  location.assign(document.body.dataset.searchHref + "?q=" + encodeURIComponent(code));
  return true;
}

/* A code scanned into a quantity is the next product: the digits leave the field, what a hand typed
   before them stays, and the form goes with the code in the field that `data-scan` names. */
function handOver(event, code) {
  const field = event.target;
  if (code.length < CODE_LENGTH_BARCODE || !field.value.endsWith(code)) return false;
  event.preventDefault();
  field.value = field.value.slice(0, -code.length);
  field.form.elements[field.dataset.scan].value = code;
  field.form.requestSubmit();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (!scan(event)) shortcut(event);
});

/* Live stock: an event names a product; if it is on this page, the page is fetched again
   and its changed elements are taken over, so that levels and formats stay the server's. */

const pending = new Set();
let refreshing = 0;

function listen() {
  if (!document.querySelector("[data-stock-sku]") || !("EventSource" in window)) return;
  const source = new EventSource("/api/v1/events");
  source.addEventListener("stock", (event) => {
    let change;
    try {
      change = JSON.parse(event.data);
    } catch {
      return;
    }
    const sku = change && change.sku;
    if (typeof sku !== "string" || pending.size >= CHANGED_SKUS_MAX) return;
    if (!document.querySelector(`[data-stock-sku="${CSS.escape(sku)}"]`)) return;
    pending.add(sku);
    plan();
  });
  source.addEventListener("reload", () => {
    for (const element of all("[data-stock-sku]").slice(0, CHANGED_SKUS_MAX)) pending.add(element.dataset.stockSku);
    plan();
  });
  document.addEventListener("visibilitychange", plan);
  window.addEventListener("pagehide", () => source.close());
}

function plan() {
  if (refreshing || document.hidden || pending.size === 0) return;
  refreshing = setTimeout(() => {
    refreshing = 0;
    refresh();
  }, REFRESH_MS);
}

/* Fetches this same page and takes the changed elements from it. */
async function refresh() {
  const skus = Array.from(pending);
  pending.clear();
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer || !answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const sku of skus) {
    const selector = `[data-stock-sku="${CSS.escape(sku)}"]`;
    const replacements = all(selector, fresh);
    all(selector).forEach((element, index) => replace(element, replacements[index]));
  }
}

function replace(element, fresh) {
  if (!fresh || element.contains(document.activeElement) || element.innerHTML === fresh.innerHTML) return;
  const copy = document.adoptNode(fresh);
  copy.dataset.fresh = "";
  element.replaceWith(copy);
  if (window.htmx) window.htmx.process(copy);
}

/* Things to do when a page opens, and after htmx has changed a part of it. */

function prepare(part) {
  for (const toast of all("[data-autohide]", part)) {
    delete toast.dataset.autohide;
    setTimeout(() => toast.classList.add("leaving"), TOAST_MS);
  }
  const first = part.querySelector("[data-focus]");
  if (first) {
    delete first.dataset.focus;
    first.focus();
  }
}

document.addEventListener("htmx:after:swap", () => prepare(document));
showPreferences();
prepare(document);
listen();
