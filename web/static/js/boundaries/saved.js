/** What was saved last can be taken back; the page is then read anew, where it says so. */
import { button, h } from "../dom.js";
import { undoSave } from "../editing/saved-note.js";
import { faultText } from "../fetching.js";
import { text } from "../page-data.js";

const KEY = "boundary-saved";

/** @typedef {{ layer: string, uuid: string, seq: number | null, batch: string | null }} Save */

/** Remembers a save over the page's reloading. @param {Save | null} save null: it was undone */
export function reload(save) {
  sessionStorage.setItem(KEY, JSON.stringify(save ?? { undone: true, at: location.pathname }));
  location.reload();
}

/** Says what was saved before the page was read anew. @param {HTMLElement} element @param {{ layer: string, uuid: string }} of */
export function tellSaved(element, { layer, uuid }) {
  const kept = sessionStorage.getItem(KEY);
  sessionStorage.removeItem(KEY);
  if (!kept) return;
  const save = JSON.parse(kept);
  if (save.undone) {
    element.replaceChildren(h("p", { class: "note note-good" }, text("Undone.")));
    return;
  }
  if (save.uuid !== uuid || save.layer !== layer || save.seq === null) return;
  const back = button(text("Undo"), {
    icon: "undo",
    small: true,
    id: "save-undo",
    onclick: async () => {
      back.disabled = true;
      try {
        await undoSave(save);
        reload(null);
      } catch (error) {
        element.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
      }
    },
  });
  element.replaceChildren(h("p", { class: "note note-good boundary-saved" }, h("span", {}, text("Saved.")), back));
}
