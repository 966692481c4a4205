/** Copying, with a word that it was done. */
import { icon } from "./dom.js";
import { text } from "./page-data.js";

/**
 * Copies a text and lets the button that was pressed say so for a moment.
 *
 * @param {string} words
 * @param {Event} event
 */
export async function copy(words, event) {
  const control = event.currentTarget;
  const done = await write(words);
  if (!(control instanceof HTMLElement)) return;
  const before = [...control.childNodes];
  const said = document.createElement("span");
  said.textContent = done ? text("Copied") : text("Copying is not allowed here");
  control.replaceChildren(icon(done ? "check" : "warning"), said);
  setTimeout(() => control.replaceChildren(...before), 1400);
}

/** @param {string} words @returns {Promise<boolean>} */
async function write(words) {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    // Plain HTTP on an office's own network has no clipboard API: the old way still works there.
    const field = document.createElement("textarea");
    field.value = words;
    field.className = "out-of-sight";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
