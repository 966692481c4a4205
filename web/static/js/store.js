/**
 * The page's state, and the address that keeps it.
 *
 * @import { State } from "./api.js"
 */
import { firstState, readAddress, writeAddress } from "./logic/address.js";

/** @typedef {(state: State, changed: ReadonlySet<keyof State>) => void} Listener */

/**
 * The state with its listeners. A change is written into the address: as a step that Back undoes where the reader went
 * somewhere (`push`), or in place where the view only moved.
 *
 * @param {Window} window
 */
export function createStore(window) {
  let state = readAddress(window.location.search);
  /** @type {Set<Listener>} */
  const listeners = new Set();

  /** @param {State} next @returns {Set<keyof State>} */
  function replace(next) {
    const keys = /** @type {(keyof State)[]} */ (Object.keys(firstState()));
    const changed = new Set(keys.filter((key) => JSON.stringify(next[key]) !== JSON.stringify(state[key])));
    state = next;
    if (changed.size) for (const listener of [...listeners]) listener(state, changed);
    return changed;
  }

  window.addEventListener("popstate", () => replace(readAddress(window.location.search)));

  return {
    get state() {
      return state;
    },

    /**
     * @param {Partial<State>} patch
     * @param {{ push?: boolean }} [options]
     */
    set(patch, { push = false } = {}) {
      const next = { ...state, ...patch };
      const address = writeAddress(next, window.location.search);
      const changed = address !== window.location.search;
      if (changed) {
        const url = address || window.location.pathname;
        if (push) window.history.pushState(null, "", url);
        else window.history.replaceState(null, "", url);
      }
      replace(next);
    },

    /** @param {Listener} listener @returns {() => void} stops listening */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** @typedef {ReturnType<typeof createStore>} Store */
