/**
 * The records that are to be looked at one after another, kept for as long as the browser's tab is open: what is mended
 * leaves the worklist, and the queue must not shift under one's hands.
 *
 * @import { WorklistAnswer } from "./types.js"
 */
import { askJson } from "../fetching.js";
import { addressOf, filtersOf, recordsOf } from "../logic/worklist.js";

const KEY = "workbench-queue";
const AT_ONCE = 200;

/** @typedef {{ address: string, uuids: string[], following: number }} Queue */

/**
 * @param {string} address of the filters
 * @param {string[]} uuids
 * @param {number} following where the list goes on, 0 where it does not
 */
export function remember(address, uuids, following) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ address, uuids, following }));
  } catch {
    // without storage the record's page asks for the list itself
  }
}

/** @param {string} address @returns {Queue | null} */
function remembered(address) {
  try {
    const queue = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    return queue?.address === address ? queue : null;
  } catch {
    return null;
  }
}

/**
 * The queue of some filters; asked for where the tab has none.
 *
 * @param {string} search of the page's address
 * @returns {Promise<Queue & { more: () => Promise<boolean> }>} `more` adds what the worklist has beyond; whether there was any
 */
export async function queueOf(search) {
  const filters = filtersOf(search);
  const address = addressOf(filters);
  const queue = remembered(address) ?? { address, uuids: [], following: -1 };
  /** Of a list that has changed meanwhile, from its beginning: what is not in the queue yet. */
  async function more() {
    /** @type {WorklistAnswer} */
    const answer = await askJson(`/api/workbench${addressOf(filters, { limit: AT_ONCE })}`);
    const known = new Set(queue.uuids);
    const fresh = recordsOf(answer.items ?? []).filter((uuid) => !known.has(uuid));
    queue.uuids.push(...fresh);
    queue.following = answer.following ?? 0;
    remember(address, queue.uuids, queue.following);
    return fresh.length > 0;
  }
  if (queue.following < 0) await more();
  return Object.assign(queue, { more });
}
