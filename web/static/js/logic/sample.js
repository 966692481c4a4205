/** Moving through a sample and what its keys do. Pure: no DOM. */

/**
 * @typedef {{ position: number, verdict: string, hidden: boolean }} Place
 */

/** Keys of the sample's table. */
export const KEYS = Object.freeze({ ArrowDown: "next", ArrowUp: "previous", j: "next", k: "previous", r: "right", w: "wrong", u: "clear", o: "open", "?": "help" });

/**
 * What a key asks for; nothing while somebody types or holds a modifier.
 *
 * @param {{ key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, isComposing: boolean }} event
 * @param {boolean} isTyping
 * @returns {string | null}
 */
export function sampleKey(event, isTyping) {
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null;
  return /** @type {Record<string, string>} */ (KEYS)[event.key.length === 1 ? event.key.toLowerCase() : event.key] ?? null;
}

/**
 * The record after (or before) one among those that are shown; the same one at the end.
 *
 * @param {readonly Place[]} places in their order
 * @param {number} position 0 where none is chosen yet
 * @param {1 | -1} by
 * @returns {number} 0 where nothing is shown
 */
export function moved(places, position, by) {
  const shown = places.filter((one) => !one.hidden || one.position === position).map((one) => one.position);
  const at = shown.indexOf(position);
  if (at < 0) return (by > 0 ? shown[0] : shown.at(-1)) ?? 0;
  return shown[at + by] ?? position;
}

/**
 * Where to go on after a verdict: the next record that is not judged, from the beginning again behind the last; without
 * one the next record.
 *
 * @param {readonly Place[]} places
 * @param {number} position
 */
export function onwards(places, position) {
  const at = places.findIndex((one) => one.position === position);
  const round = [...places.slice(at + 1), ...places.slice(0, Math.max(at, 0))];
  return round.find((one) => !one.verdict && !one.hidden)?.position ?? moved(places, position, 1);
}

/**
 * Whether a verdict is shown under a filter.
 *
 * @param {string} show "" for all, "open", "wrong"
 * @param {string} verdict
 */
export const isShown = (show, verdict) => !show || (show === "open" ? !verdict : verdict === show);
