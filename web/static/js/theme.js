/** Light or dark: the system's wish until the reader chooses. Tells the page by a `themechange` event on the document. */
import { icon } from "./dom.js";

const wish = matchMedia("(prefers-color-scheme: dark)");

/** @param {HTMLElement} element the button that switches */
export function mount(element) {
  const sheet = document.getElementById("dark-colours");
  if (!(sheet instanceof HTMLLinkElement)) return;
  const isDark = () => matchMedia(sheet.media).matches;
  const show = () => {
    element.replaceChildren(icon(isDark() ? "sun" : "moon"));
    document.dispatchEvent(new Event("themechange"));
  };
  element.addEventListener("click", () => {
    const dark = !isDark();
    sheet.media = dark ? "all" : "not all";
    remember(dark === wish.matches ? null : dark ? "dark" : "light");
    show();
  });
  wish.addEventListener("change", show);
  show();
}

/** @param {"dark" | "light" | null} theme null: as the system wishes */
function remember(theme) {
  try {
    if (theme) localStorage.setItem("theme", theme);
    else localStorage.removeItem("theme");
  } catch {
    // Storage may be forbidden by policy: the choice then holds for this page alone.
  }
}
