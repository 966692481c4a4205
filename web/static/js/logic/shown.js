/**
 * Which layers and classes show, and the filters that follow from it. Pure: no DOM.
 *
 * @import { Catalogue, LayerInfo, Shown } from "../api.js"
 */

/** The property of a tile's features that holds its class, where it is filtered by one. */
export const CLASS_PROPERTY = Object.freeze({
  "place-names": "major",
  "place-lines": "major",
  "place-areas": "major",
  facilities: "kind",
  stakes: "kind",
  "boundary-lines": "batch",
});

/** Kinds of facilities of the first view: what people ask for first. The many village stations would drown the rest. */
const FIRST_KINDS = ["eldercare_home", "day_care", "canteen", "funeral_home", "cemetery", "social_work"];

/** Layers that the first view leaves out. */
const FIRST_HIDDEN = ["boundary-points", "place-signs"];

/**
 * The layers and classes of the first view.
 *
 * @param {Pick<Catalogue, "layers">} catalogue
 * @returns {Shown}
 */
export function firstShown({ layers }) {
  /** @type {Shown} */
  const shown = {};
  for (const layer of layers) {
    if (FIRST_HIDDEN.includes(layer.key)) continue;
    shown[layer.key] = layer.key === "facilities" ? keysOf(layer).filter((key) => FIRST_KINDS.includes(key)) : null;
  }
  return shown;
}

/**
 * Whether a class of a layer shows; without a class, whether anything of the layer does.
 *
 * @param {Shown} shown
 * @param {string} layer
 * @param {string} [key]
 */
export function isShown(shown, layer, key) {
  const classes = shown[layer];
  if (classes === undefined) return false;
  if (classes === null) return true;
  return key === undefined ? classes.length > 0 : classes.includes(key);
}

/**
 * With one class, or the whole layer where `key` is absent, switched on or off. A layer whose classes are all on is
 * written as null, and one with none left is taken out, so that equal views have equal addresses.
 *
 * @param {Shown} shown
 * @param {LayerInfo} layer
 * @param {string[] | null} keys the classes to switch, or null for the whole layer
 * @param {boolean} on
 * @returns {Shown}
 */
export function switched(shown, layer, keys, on) {
  const rest = { ...shown };
  const all = keysOf(layer);
  const now = shown[layer.key] === undefined ? [] : (shown[layer.key] ?? all);
  const wanted = keys === null || !all.length ? (on ? all : []) : all.filter((key) => (keys.includes(key) ? on : now.includes(key)));
  if (!wanted.length && !(on && !all.length)) delete rest[layer.key];
  else rest[layer.key] = wanted.length === all.length ? null : wanted;
  return rest;
}

/**
 * Whether two choices are the same, whatever the order of their classes.
 *
 * @param {Shown} a
 * @param {Shown} b
 */
export function sameShown(a, b) {
  const text = (/** @type {Shown} */ shown) =>
    JSON.stringify(Object.keys(shown).sort().map((key) => [key, shown[key] && [...shown[key]].sort()]));
  return text(a) === text(b);
}

/**
 * The MapLibre filter for the classes of a layer that show; null where all do.
 *
 * @param {Shown} shown
 * @param {string} layer
 * @returns {any[] | null}
 */
export function classFilter(shown, layer) {
  const classes = shown[layer];
  if (!classes) return null;
  const property = /** @type {Record<string, string>} */ (CLASS_PROPERTY)[layer];
  if (!property) return null;
  if (layer === "boundary-lines") return ["in", ["get", "batch"], ["literal", classes.map(batchYear)]];
  return ["in", ["get", property], ["literal", classes]];
}

/**
 * Several filters as one; null where none is.
 *
 * @param {...(any[] | null)} filters
 * @returns {any[] | null}
 */
export function allOf(...filters) {
  const given = filters.filter((filter) => filter !== null);
  if (!given.length) return null;
  return given.length === 1 ? /** @type {any[]} */ (given[0]) : ["all", ...given];
}

/** @param {string} key such as `batch-2022` */
export function batchYear(key) {
  return Number(key.replace(/^batch-/, ""));
}

/**
 * The batch that stands out on the map: the latest whose lines show, or 0.
 *
 * @param {Shown} shown
 * @param {LayerInfo | undefined} lines the layer of the boundary lines
 */
export function batchThatStandsOut(shown, lines) {
  if (!lines) return 0;
  const years = keysOf(lines).filter((key) => /^batch-\d{4}$/.test(key) && isShown(shown, lines.key, key)).map(batchYear);
  return Math.max(0, ...years);
}

/** @param {LayerInfo} layer */
const keysOf = (layer) => layer.classes.map((each) => each.key);
