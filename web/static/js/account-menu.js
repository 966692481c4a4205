/** The account menu: a click elsewhere or Esc closes it. Without script it opens and closes all the same. */
export function mountMenus() {
  for (const menu of document.querySelectorAll("details[data-menu]")) {
    if (!(menu instanceof HTMLDetailsElement)) continue;
    document.addEventListener("click", (event) => {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
    });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
      event.stopPropagation();
    });
  }
}
