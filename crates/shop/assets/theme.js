/* Applies the reader's theme and text size before the first paint, so that nothing flashes. */
(function () {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const theme = localStorage.getItem("gondola.theme");
    const text = localStorage.getItem("gondola.text");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    if (text === "large") root.dataset.text = text;
  } catch {
    /* storage refused: the system's choice stands */
  }
})();
