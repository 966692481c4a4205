/**
 * Which features are meant by a click: each once, what is small before what is wide. Pure: no DOM.
 *
 * @import { Selected } from "../api.js"
 */

/** Layers of the style that can be picked, from the smallest thing to the widest. */
export const PICKABLE = [
  "facility-badges",
  "facilities",
  "facility-names",
  "stories",
  "story-names",
  "place-signs",
  "tripoints",
  "tripoint-names",
  "stakes",
  "stake-names",
  "villages-covered",
  "villages-uncovered",
  "boundary-points",
  "county-names",
  "town-names",
  "city-name",
  "neighbour-names",
  "place-names",
  "places",
  "line-names",
  "lines-batch",
  "lines-other",
  "place-line-names",
  "waters",
  "roads",
  "areas",
];

/** @typedef {Selected & { name: string, properties: Record<string, any> }} Hit */

/**
 * @param {readonly { layer: { id: string }, source: string, properties: Record<string, any> }[]} rendered
 * @returns {Hit[]}
 */
export function hitsOf(rendered) {
  const order = (/** @type {string} */ id) => PICKABLE.indexOf(id);
  const sorted = rendered.map((feature, i) => ({ feature, i, rank: order(feature.layer.id) })).filter(({ rank }) => rank >= 0);
  sorted.sort((a, b) => a.rank - b.rank || a.i - b.i);
  /** @type {Map<string, Hit>} */
  const hits = new Map();
  for (const { feature } of sorted) {
    const uuid = feature.properties.uuid;
    // Villages of a coverage result are divisions, whatever source draws them.
    const layer = feature.source === "coverage-villages" ? "divisions" : feature.source;
    if (typeof uuid !== "string" || hits.has(uuid)) continue;
    hits.set(uuid, { layer, uuid, name: String(feature.properties.name ?? ""), properties: feature.properties });
  }
  return [...hits.values()];
}
