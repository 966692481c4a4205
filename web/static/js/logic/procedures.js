/**
 * What the form of an application reckons with: geometries of what is drawn, and the request that it sends.
 *
 * @typedef {"Point" | "LineString" | "Polygon"} Drawn
 */

const LEAST = { Point: 1, LineString: 2, Polygon: 3 };

/**
 * GeoJSON of positions in the order in which they were set; null while there are too few of them.
 *
 * @param {Drawn} kind
 * @param {[number, number][]} positions
 */
export function geometryOf(kind, positions) {
  const [first] = positions;
  if (!first || positions.length < LEAST[kind]) return null;
  if (kind === "Point") return { type: "Point", coordinates: first };
  if (kind === "LineString") return { type: "LineString", coordinates: positions };
  return { type: "Polygon", coordinates: [[...positions, first]] };
}

/**
 * The other way round: positions of a geometry, of a collection those of its first part.
 *
 * @param {{ type: string, coordinates: unknown }} geometry
 * @returns {{ kind: Drawn, positions: [number, number][] }}
 */
export function positionsOf({ type, coordinates }) {
  const found = /** @type {any} */ (coordinates);
  const kind = /** @type {Drawn} */ (type.replace("Multi", ""));
  const part = type.startsWith("Multi") ? found[0] : found;
  if (kind === "Point") return { kind, positions: [part] };
  if (kind === "LineString") return { kind, positions: part };
  return { kind, positions: part[0].slice(0, -1) };
}

/**
 * The values of a form without those that are empty; of an application that is changed an empty field is said, too.
 *
 * @param {Record<string, string>} texts
 */
export function valuesOf(texts) {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, value.trim()]).filter(([, value]) => value));
}
