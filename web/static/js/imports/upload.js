/** Sending a file with a bar: `fetch` does not tell how much has gone, so this is an XMLHttpRequest. */
import { connection, Fault } from "../fetching.js";
import { text } from "../page-data.js";

/**
 * @import { ImportLine } from "./types.js"
 *
 * @param {File} file
 * @param {string} subject
 * @param {(share: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<ImportLine>}
 */
export function upload(file, subject, onProgress, signal) {
  const form = new FormData();
  form.set("subject", subject);
  form.set("file", file, file.name);
  const request = new XMLHttpRequest();
  return new Promise((done, fail) => {
    request.open("POST", "/api/imports");
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", document.querySelector('meta[name="csrf-token"]')?.getAttribute("content") ?? "");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    request.addEventListener("load", () => {
      connection.dispatchEvent(new Event("answers"));
      const given = request.response ?? {};
      if (request.status < 300) return done(given);
      const title = text("The server answered with an error (%(status)s).", { status: request.status });
      fail(new Fault({ title: given.detail || given.title || title, detail: "", hint: given.hint ?? "", status: request.status }));
    });
    request.addEventListener("error", () => fail(new Fault({ title: text("The file could not be sent: the connection broke off."), detail: "", hint: "", status: 400 })));
    request.addEventListener("abort", () => fail(new DOMException("", "AbortError")));
    signal.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
