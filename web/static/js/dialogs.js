/**
 * Dialogs close by their cross, by Esc (the browser's part) and by a click beside them; the sources' list.
 *
 * @import { Register } from "./register.js"
 */
import { byId, h } from "./dom.js";
import { text, title } from "./page-data.js";

export function mountDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      const cross = event.target instanceof Element && event.target.closest("[data-close]");
      if (cross || event.target === dialog) dialog.close();
    });
  }
}

/** @param {Register} register */
export function openSources(register) {
  if (!register.isThere) return;
  const { sources } = register.catalogue;
  const item = (/** @type {typeof sources[number]} */ source) =>
    h(
      "li",
      {},
      h("p", {}, title(source.title), " ", source.synthetic && h("span", { class: "badge badge-warning" }, text("synthetic"))),
      h("p", { class: "quiet small" }, [source.synthetic ? "" : source.source, source.licence].filter(Boolean).join(" · ")),
    );
  byId("sources-body").replaceChildren(
    sources.length ? h("ul", { class: "sources-list" }, sources.map(item)) : h("p", { class: "empty" }, text("This register names no sources.")),
  );
  byId("sources", HTMLDialogElement).showModal();
}
