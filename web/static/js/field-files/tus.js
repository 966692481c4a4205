/**
 * Sending a file in pieces (tus 1.0): it can be paused, and goes on by itself when the connection is back.
 *
 * @import { Upload } from "./types.js"
 */
import { Fault, isAbort, send } from "../fetching.js";
import { text } from "../page-data.js";

const ADDRESS = "/api/field-files/tus";
const PIECE = 4 * 1024 * 1024;
const WAITS = [1000, 2000, 5000, 10000, 20000];

/** @typedef {{ file: string, earlier: boolean }} Sent */

/**
 * @param {{ file: File, known?: Upload, onProgress: (sent: number) => void, onWait: (waits: boolean) => void }} options
 *   `known`: an upload of the same file that has stopped
 */
export function sending({ file, known, onProgress, onWait }) {
  let address = known ? `${ADDRESS}/${known.uuid}` : "";
  let abort = new AbortController();
  let paused = false;

  /** Sends until all is there. @returns {Promise<Sent | null>} null where it was paused or given up */
  async function run() {
    paused = false;
    abort = new AbortController();
    for (let tries = 0; ; ) {
      try {
        if (!address) address = await begin(file, abort.signal);
        let there = await offsetOf(address, abort.signal);
        onWait(false);
        onProgress(there);
        for (;;) {
          const answer = await append(address, file, there, abort.signal);
          there = Number(answer.headers.get("Upload-Offset"));
          onProgress(there);
          tries = 0;
          const kept = answer.headers.get("Dijie-Field-File");
          if (kept) return { file: kept, earlier: answer.headers.get("Dijie-Earlier") === "1" };
          if (there >= file.size) return { file: "", earlier: false };
        }
      } catch (error) {
        if (isAbort(error) || paused) return null;
        const retry = error instanceof Fault && (error.gone || error.status === 409 || error.status === 423 || error.status === 460);
        if (!retry || (!(/** @type {Fault} */ (error).gone) && tries >= WAITS.length)) throw error;
        onWait(true);
        await pause(WAITS[Math.min(tries, WAITS.length - 1)] ?? 1000, abort.signal);
        if (paused) return null;
        tries += 1;
      }
    }
  }

  return {
    run,
    pause() {
      paused = true;
      abort.abort();
    },
    /** Stops, and has the server forget what it has. */
    async giveUp() {
      this.pause();
      if (address) await tus(address, { method: "DELETE" });
    },
  };
}

/** @param {File} file @param {AbortSignal} signal */
async function begin(file, signal) {
  const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
  const answer = await tus(ADDRESS, { method: "POST", signal, headers: { "Upload-Length": String(file.size), "Upload-Metadata": `filename ${name}` } });
  return answer.headers.get("Location") ?? "";
}

/** @param {string} address @param {AbortSignal} signal */
async function offsetOf(address, signal) {
  return Number((await tus(address, { method: "HEAD", signal })).headers.get("Upload-Offset"));
}

/** @param {string} address @param {File} file @param {number} offset @param {AbortSignal} signal */
function append(address, file, offset, signal) {
  const headers = { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset) };
  return tus(address, { method: "PATCH", signal, headers, body: file.slice(offset, offset + PIECE) });
}

/**
 * @param {string} address
 * @param {{ method: "POST" | "PATCH" | "HEAD" | "DELETE", signal?: AbortSignal, headers?: Record<string, string>, body?: Blob }} request
 */
function tus(address, { headers, ...request }) {
  return send(address, { ...request, headers: { "Tus-Resumable": "1.0.0", ...headers } });
}

/** @param {number} ms @param {AbortSignal} signal */
function pause(ms, signal) {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      done(undefined);
    });
  });
}

/** A word on how far it is. @param {boolean} waits @param {boolean} stopped */
export function manner(waits, stopped) {
  if (stopped) return text("paused");
  return waits ? text("waiting for the connection") : "";
}
