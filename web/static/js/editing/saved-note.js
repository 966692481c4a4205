/** The word after saving, with the way back: "Saved · Undo". */
import { button, byId, h, icon } from "../dom.js";
import { faultText, send } from "../fetching.js";
import { text } from "../page-data.js";

const STAYS = 12000;
let timer = 0;

/** @param {string} words @param {{ undo?: () => Promise<void> }} [options] */
export function tell(words, { undo } = {}) {
  const note = byId("saved");
  clearTimeout(timer);
  const hide = () => (note.hidden = true);
  const back = button(text("Undo"), {
    small: true,
    icon: "undo",
    onclick: async () => {
      back.disabled = true;
      clearTimeout(timer);
      try {
        await undo?.();
      } catch (error) {
        show([icon("warning"), h("span", {}, faultText(error))]);
      }
    },
  });
  /** @param {Node[]} content */
  function show(content) {
    note.replaceChildren(...content, button(text("Close"), { icon: "close", kind: "plain", small: true, iconOnly: true, onclick: hide }));
    note.hidden = false;
    timer = window.setTimeout(hide, STAYS);
  }
  show([icon("check"), h("span", {}, words), ...(undo ? [back] : [])]);
}

/**
 * Takes a save back.
 *
 * @param {{ layer: string, uuid: string, seq: number | null, batch: string | null }} saved
 */
export async function undoSave({ layer, uuid, seq, batch }) {
  await send(`/api/records/${layer}/${uuid}/undo`, { body: batch ? { batch } : { seq } });
}
