/**
 * The whole style, and what has to change on a map that already shows one. Pure: no DOM.
 *
 * Every layer is always there, in this order, and only its visibility, filter, layout and paint change; so a change of
 * theme, layers or day never loses a tile or a selection.
 *
 * @import { StyleSpecification } from "maplibre-gl"
 * @import { StyleContext } from "./context.js"
 */
import { tileAddress } from "../logic/queries.js";
import { divisionLabels } from "./labels.js";
import { land } from "./land.js";
import { lineLabels, lines } from "./lines.js";
import { badges, facilities, places, pointLabels, signsAndStories } from "./points.js";
import { catchments, coveredVillages, measurement, selection } from "./subject.js";

/** From the ground up: a part further down this list lies above, and its labels are placed first. */
const PARTS = [
  land,
  catchments,
  places,
  lines,
  coveredVillages,
  facilities,
  pointLabels,
  signsAndStories,
  lineLabels,
  divisionLabels,
  badges,
  selection,
  measurement,
];

/** @param {StyleContext} context @returns {StyleSpecification} */
export function buildStyle(context) {
  const parts = PARTS.map((part) => part(context));
  const { catalogue, asof, origin } = context;
  /** @type {StyleSpecification["sources"]} */
  const sources = {};
  for (const layer of catalogue.layers) {
    sources[layer.key] = {
      type: "vector",
      tiles: [tileAddress(origin, layer.key, { seq: catalogue.seq, asof })],
      minzoom: layer.min_zoom,
      maxzoom: layer.max_zoom,
      promoteId: "uuid",
    };
  }
  for (const part of parts) Object.assign(sources, part.sources);
  // A layer that this register's catalogue does not have is not drawn.
  const layers = parts.flatMap((part) => part.layers).filter((layer) => !("source" in layer) || layer.source in sources);
  return { version: 8, sources, layers };
}

/**
 * @typedef {object} Changes
 * @property {{ source: string, tiles: string[] }[]} tiles
 * @property {{ layer: string, filter: any }[]} filters
 * @property {{ layer: string, name: string, value: any }[]} layout
 * @property {{ layer: string, name: string, value: any }[]} paint
 * @property {boolean} whole whether sources or layers themselves differ, so that the style must be set anew
 */

/**
 * What turns one style into another.
 *
 * @param {StyleSpecification} before
 * @param {StyleSpecification} after
 * @returns {Changes}
 */
export function styleChanges(before, after) {
  /** @type {Changes} */
  const changes = { tiles: [], filters: [], layout: [], paint: [], whole: false };
  const ids = (/** @type {StyleSpecification} */ style) => JSON.stringify([style.layers.map((layer) => layer.id), Object.keys(style.sources)]);
  if (ids(before) !== ids(after)) return { ...changes, whole: true };
  for (const [id, source] of Object.entries(after.sources)) {
    const old = before.sources[id];
    if (source.type !== "vector" || old?.type !== "vector") continue;
    if (!same(source.tiles, old.tiles)) changes.tiles.push({ source: id, tiles: source.tiles ?? [] });
  }
  after.layers.forEach((layer, i) => {
    /** @type {any} */
    const old = before.layers[i];
    /** @type {any} */
    const now = layer;
    if (!same(old.filter, now.filter)) changes.filters.push({ layer: layer.id, filter: now.filter ?? null });
    changes.layout.push(...valueChanges(layer.id, old.layout, now.layout));
    changes.paint.push(...valueChanges(layer.id, old.paint, now.paint));
  });
  return changes;
}

/**
 * @param {string} layer
 * @param {Record<string, any>} [before]
 * @param {Record<string, any>} [after]
 */
function valueChanges(layer, before = {}, after = {}) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => !same(before[name], after[name])).map((name) => ({ layer, name, value: after[name] }));
}

/** @param {unknown} a @param {unknown} b */
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
