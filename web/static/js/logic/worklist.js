/**
 * The worklist's filters as an address, the queue of records to be looked at, and what a key does. Pure: no DOM.
 *
 * @import { Filters } from "../workbench/types.js"
 */

/** What must or should be mended; notes are asked for. */
export const FIRST_SEVERITIES = ["error", "warning"];

/** @returns {Filters} */
export function noFilters() {
  return { rule: [], severity: [...FIRST_SEVERITIES], state: "open", major: "", county: "", town: "", q: "", mendable: false };
}

/**
 * The filters of an address; what it does not say is as at first.
 *
 * @param {string} search such as `?rule=duplicate-name&county=370781`
 * @returns {Filters}
 */
export function filtersOf(search) {
  const given = new URLSearchParams(search);
  const list = (/** @type {string} */ name) => (given.get(name) ?? "").split(",").filter(Boolean);
  const severity = list("severity");
  return {
    rule: list("rule"),
    severity: severity.includes("all") ? [] : severity.length ? severity : [...FIRST_SEVERITIES],
    state: given.get("state") || "open",
    major: given.get("major") ?? "",
    county: given.get("county") ?? "",
    town: given.get("town") ?? "",
    q: given.get("q") ?? "",
    mendable: given.get("mendable") === "1",
  };
}

/**
 * The address of filters, without what is as at first: equal filters have equal addresses.
 *
 * @param {Filters} filters
 * @param {Record<string, string | number>} [further]
 */
export function addressOf(filters, further = {}) {
  const parts = new URLSearchParams();
  if (filters.rule.length) parts.set("rule", filters.rule.join(","));
  if (!filters.severity.length) parts.set("severity", "all");
  else if (filters.severity.join() !== FIRST_SEVERITIES.join()) parts.set("severity", filters.severity.join(","));
  if (filters.state !== "open") parts.set("state", filters.state);
  for (const name of /** @type {const} */ (["major", "county", "town", "q"])) if (filters[name]) parts.set(name, filters[name]);
  if (filters.mendable) parts.set("mendable", "1");
  for (const [name, value] of Object.entries(further)) if (value) parts.set(name, String(value));
  const text = parts.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : "";
}

/**
 * One of a list switched on or off.
 *
 * @param {readonly string[]} list
 * @param {string} key
 */
export const toggled = (list, key) => (list.includes(key) ? list.filter((one) => one !== key) : [...list, key]);

/**
 * The records of a list of findings, each once, in order.
 *
 * @param {readonly { uuid: string, layer: string }[]} findings
 */
export const recordsOf = (findings) => [...new Set(findings.filter(({ layer }) => layer === "place-names").map(({ uuid }) => uuid))];

/**
 * The record after (or before) one in a queue; null at its end. One that is not in the queue is before its beginning.
 *
 * @param {readonly string[]} queue
 * @param {string} uuid
 * @param {1 | -1} by
 */
export function stepped(queue, uuid, by) {
  const at = queue.indexOf(uuid);
  if (at < 0) return by > 0 ? (queue.find((one) => one !== uuid) ?? null) : null;
  return queue[at + by] ?? null;
}

/** Keys of the record's page. */
export const KEYS = Object.freeze({ a: "accept", e: "change", s: "skip", k: "keep", n: "next", p: "previous", u: "undo", "?": "help", j: "next", ArrowRight: "next", ArrowLeft: "previous" });

/**
 * What a key asks for; a digit chooses a candidate. Nothing while somebody types or holds a modifier.
 *
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, isComposing: boolean }} event
 * @param {boolean} isTyping
 * @returns {{ action: string, candidate?: number } | null}
 */
export function keyAction(event, isTyping) {
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  if (/^[1-9]$/.test(event.key)) return { action: "choose", candidate: Number(event.key) - 1 };
  const action = /** @type {Record<string, string>} */ (KEYS)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  return action ? { action } : null;
}
