/**
 * What somebody changes of a record: texts of a form against the record, geometries as they are drawn and as they are
 * saved. Pure: no DOM.
 *
 * @import { FormField, Finding } from "../api.js"
 */

/** Coordinates are drawn with so many decimals (a tenth of a millimetre); vertices that nobody touches stay whole. */
export const DECIMALS = 9;

/** @typedef {GeoJSON.Position} Position */
/** @typedef {GeoJSON.Point | GeoJSON.LineString | GeoJSON.Polygon} Part */

/**
 * The record's value as its input shows it.
 *
 * @param {unknown} value
 * @param {FormField["type"]} type
 */
export function inputText(value, type) {
  if (value === null || value === undefined) return "";
  if (type === "json") return JSON.stringify(value, null, 1);
  if (type === "date") return String(value).slice(0, 10);
  return String(value);
}

/**
 * What an input's text means for the server: null for nothing, JSON where the field holds JSON; else the text itself,
 * which the server reads.
 *
 * @param {string} given
 * @param {FormField["type"]} type
 * @returns {unknown}
 */
export function sentValue(given, type) {
  const text = given.trim();
  if (!text) return null;
  if (type === "bool") return text === "true";
  if (type !== "json") return given;
  try {
    return JSON.parse(text);
  } catch {
    return given;
  }
}

/**
 * The fields whose texts are no longer those of the record, as they are sent.
 *
 * @param {readonly FormField[]} fields
 * @param {Record<string, unknown>} record
 * @param {Record<string, string>} texts
 */
export function changedValues(fields, record, texts) {
  /** @type {Record<string, unknown>} */
  const changed = {};
  for (const { name, type } of fields) {
    const now = texts[name];
    if (now === undefined || now.trim() === inputText(record[name], type).trim()) continue;
    changed[name] = sentValue(now, type);
  }
  return changed;
}

/**
 * Findings to be shown: of a new record those of untouched fields wait until somebody tries to save.
 *
 * @param {readonly Finding[]} findings
 * @param {{ isNew: boolean, tried: boolean, touched: ReadonlySet<string> }} state
 */
export function shownFindings(findings, { isNew, tried, touched }) {
  if (!isNew || tried) return [...findings];
  return findings.filter(({ field, severity }) => severity === "info" || touched.has(field));
}

/** @param {Position} position @returns {Position} */
const rounded = (position) => position.slice(0, 2).map((value) => Number(value.toFixed(DECIMALS)));

/** @param {Position} position */
const key = (position) => rounded(position).join(",");

/**
 * A geometry in the parts that can be drawn, and what is needed to put it together again: holes, and vertices with all
 * their decimals.
 *
 * @param {GeoJSON.Geometry | null} geometry
 * @returns {{ parts: Part[], holes: Position[][][], exact: Map<string, Position> }}
 */
export function drawnParts(geometry) {
  /** @type {Map<string, Position>} */
  const exact = new Map();
  /** @type {Position[][][]} */
  const holes = [];
  const point = (/** @type {Position} */ position) => {
    exact.set(key(position), position);
    return rounded(position);
  };
  const line = (/** @type {Position[]} */ positions) => withoutRepeats(positions.map(point));
  const polygon = (/** @type {Position[][]} */ [shell = [], ...inner]) => {
    holes.push(inner);
    return /** @type {Part} */ ({ type: "Polygon", coordinates: [line(shell)] });
  };
  /** @returns {Part[]} */
  const parts = () => {
    switch (geometry?.type) {
      case "Point":
        return [{ type: "Point", coordinates: point(geometry.coordinates) }];
      case "LineString":
        return [{ type: "LineString", coordinates: line(geometry.coordinates) }];
      case "MultiLineString":
        return geometry.coordinates.map((each) => ({ type: "LineString", coordinates: line(each) }));
      case "Polygon":
        return [polygon(geometry.coordinates)];
      case "MultiPolygon":
        return geometry.coordinates.map(polygon);
      default:
        return [];
    }
  };
  return { parts: parts(), holes, exact };
}

/** @param {Position[]} positions two that are the same after rounding become one */
function withoutRepeats(positions) {
  return positions.filter((position, at) => at === 0 || key(position) !== key(positions[at - 1] ?? []));
}

/**
 * The parts put together as the layer holds them; null where there is none.
 *
 * @param {Part[]} parts
 * @param {string} kind the layer's geometry type
 * @param {{ holes?: Position[][][], exact?: Map<string, Position> }} [known]
 * @returns {GeoJSON.Geometry | null}
 */
export function joined(parts, kind, { holes = [], exact = new Map() } = {}) {
  const point = (/** @type {Position} */ position) => exact.get(key(position)) ?? rounded(position);
  const lines = parts.flatMap((part) => (part.type === "LineString" && part.coordinates.length > 1 ? [part.coordinates.map(point)] : []));
  const areas = parts.flatMap((part, at) =>
    part.type === "Polygon" && (part.coordinates[0]?.length ?? 0) > 3 ? [[part.coordinates[0]?.map(point) ?? [], ...(holes[at] ?? [])]] : [],
  );
  const first = parts[0];
  if (kind === "Point") return first?.type === "Point" ? { type: "Point", coordinates: point(first.coordinates) } : null;
  if (kind === "LineString") return lines[0] ? { type: "LineString", coordinates: lines[0] } : null;
  if (kind === "MultiLineString") return lines.length ? { type: "MultiLineString", coordinates: lines } : null;
  return areas.length ? { type: "MultiPolygon", coordinates: areas } : null;
}

/** How a layer's geometry is drawn. @param {string} kind @returns {"point" | "linestring" | "polygon"} */
export function drawMode(kind) {
  if (kind.endsWith("Polygon")) return "polygon";
  return kind.endsWith("LineString") ? "linestring" : "point";
}

/** @param {GeoJSON.Geometry | null} one @param {GeoJSON.Geometry | null} other */
export function sameGeometry(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * A conflict settled: what is sent, given for each field whose value was chosen.
 *
 * @param {readonly { name: string, mine: { value: unknown } }[]} fields
 * @param {Record<string, "mine" | "theirs">} chosen
 */
export function settledValues(fields, chosen) {
  return Object.fromEntries(fields.filter(({ name }) => chosen[name] === "mine").map(({ name, mine }) => [name, mine.value]));
}

/**
 * What is chosen before anybody has chosen: whoever alone has changed a field; null where both have.
 *
 * @param {{ both: boolean, base: { value: unknown }, mine: { value: unknown } }} field
 * @returns {"mine" | "theirs" | null}
 */
export function firstChoice({ both, base, mine }) {
  if (both) return null;
  return JSON.stringify(mine.value) === JSON.stringify(base.value) ? "theirs" : "mine";
}
