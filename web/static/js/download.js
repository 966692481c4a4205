/** Downloads that show how they go, and say why when they fail. */
import { icon } from "./dom.js";
import { ask, faultText } from "./fetching.js";
import { formatBytes } from "./logic/format.js";
import { fileName } from "./logic/queries.js";
import { lang, text } from "./page-data.js";

/** @typedef {{ received: number, total: number | null }} Progress */

/**
 * Fetches a file and hands it to the browser's downloads.
 *
 * @param {string} path
 * @param {string} otherwise the file's name where the server proposes none
 * @param {{ signal?: AbortSignal, onProgress?: (progress: Progress) => void }} [options]
 * @returns {Promise<{ name: string, size: number }>}
 */
export async function download(path, otherwise, { signal, onProgress } = {}) {
  const response = await ask(path, { signal });
  const length = Number(response.headers.get("Content-Length"));
  // A compressed answer's length says nothing of what arrives here.
  const total = length && !response.headers.get("Content-Encoding") ? length : null;
  const reader = response.body?.getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  let received = 0;
  for (;;) {
    const piece = await reader?.read();
    if (!piece || piece.done) break;
    pieces.push(/** @type {Uint8Array<ArrayBuffer>} */ (piece.value));
    received += piece.value.length;
    onProgress?.({ received, total });
  }
  const name = fileName(response.headers.get("Content-Disposition"), otherwise);
  save(new Blob(pieces, { type: response.headers.get("Content-Type") ?? "" }), name);
  return { name, size: received };
}

/**
 * A download from a button, which turns while it waits and says how it went.
 *
 * @param {string} path
 * @param {string} otherwise
 * @param {Event} event
 */
export async function saveFrom(path, otherwise, event) {
  const control = event.currentTarget;
  if (!(control instanceof HTMLButtonElement)) return;
  const before = [...control.childNodes];
  const say = (/** @type {Node[]} */ nodes) => control.replaceChildren(...nodes);
  const words = (/** @type {string} */ said) => {
    const span = document.createElement("span");
    span.textContent = said;
    return span;
  };
  const spinner = document.createElement("span");
  spinner.className = "spinner";
  control.disabled = true;
  say([spinner, words(text("Preparing …"))]);
  try {
    const { size } = await download(path, otherwise);
    say([icon("check"), words(formatBytes(size, lang))]);
  } catch (error) {
    say([icon("warning"), words(faultText(error))]);
  }
  control.disabled = false;
  setTimeout(() => say(before), 2500);
}

/** Hands a file to the browser's downloads. @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
}
