/**
 * What the server says of the register: its layers and counts as at a day, and the change that they are up to date with.
 *
 * @import { Catalogue, LayerInfo } from "./api.js"
 */
import { askJson, connection, isAbort } from "./fetching.js";
import { address } from "./logic/queries.js";

/** How often an open page asks whether the register has changed. */
const LOOK_AGAIN = 30000;

/** Fires `change` when there is a new catalogue, `wait` when it asks, `fault` (with `error`) when that fails. */
export class Register extends EventTarget {
  /** @type {Catalogue | null} */
  #catalogue = null;
  /** @type {string | null} */
  #asof = null;
  #abort = new AbortController();
  /** @type {unknown} */
  error = null;

  /** What the register holds; only after the first `change`. */
  get catalogue() {
    if (!this.#catalogue) throw new Error("The catalogue is not there yet.");
    return this.#catalogue;
  }

  get isThere() {
    return this.#catalogue !== null;
  }

  /** The day that is asked for, or null for the register as it stands. */
  get asof() {
    return this.#asof;
  }

  /** @param {string} key @returns {LayerInfo | undefined} */
  layer(key) {
    return this.catalogue.layers.find((layer) => layer.key === key);
  }

  /**
   * Asks for the catalogue of a day. An earlier question still under way is dropped.
   *
   * @param {string | null} asof
   * @param {{ quietly?: boolean }} [options] whether nobody waits for the answer
   */
  async load(asof, { quietly = false } = {}) {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#asof = asof;
    if (!quietly) this.dispatchEvent(new Event("wait"));
    try {
      /** @type {Catalogue} */
      const answer = await askJson(address("/api/layers", { asof }), { signal: this.#abort.signal });
      this.error = null;
      if (JSON.stringify(answer) === JSON.stringify(this.#catalogue)) {
        this.dispatchEvent(new Event("same"));
        return;
      }
      this.#catalogue = answer;
      this.dispatchEvent(new Event("change"));
    } catch (error) {
      if (isAbort(error)) return;
      this.error = error;
      this.dispatchEvent(new Event("fault"));
    }
  }

  /** From now on looks for changes that others make while the page is open, and right after the server comes back. */
  watch() {
    let gone = false;
    const look = () => document.visibilityState === "visible" && this.load(this.#asof, { quietly: true });
    setInterval(look, LOOK_AGAIN);
    document.addEventListener("visibilitychange", look);
    connection.addEventListener("gone", () => (gone = true));
    connection.addEventListener("answers", () => {
      if (!gone) return;
      gone = false;
      connection.dispatchEvent(new Event("back"));
      look();
    });
  }
}
