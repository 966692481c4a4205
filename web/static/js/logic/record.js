/**
 * A feature's record as rows for the reader: what is said of it, in the catalogue's order, and what only machines use.
 * Pure: no DOM.
 *
 * @import { FeatureAnswer, FieldLabel, Language } from "../api.js"
 */
import { formatDay, formatLength, formatNumber } from "./format.js";

/** Said elsewhere on the card. */
const SAID = ["name", "roman", "number", "title", "body", "sources", "attributes"];
/** For machines, or for those who keep the register. */
const TECHNICAL = ["uuid", "version", "changed", "line_uuid", "place_uuid", "tripoint_uuid", "division_uuid", "rank", "label_rank", "valid_from", "valid_to", "source"];

/** @typedef {{ field: string, title: string, value: string }} RecordRow */

/**
 * @param {FeatureAnswer} feature
 * @param {Language} lang
 * @param {{ yes: string, no: string, synthetic: string }} words
 * @returns {{ rows: RecordRow[], technical: RecordRow[] }}
 */
export function recordRows({ properties, labels, titles }, lang, words) {
  /** @type {RecordRow[]} */
  const rows = [];
  /** @type {RecordRow[]} */
  const technical = [];
  for (const [field, label] of Object.entries(labels)) {
    const value = properties[field];
    if (value === null || value === undefined || value === "" || SAID.includes(field)) continue;
    const shown = titles[field] ? withCode(titles[field][lang], value, field) : valueText(value, field, label, lang, words);
    (TECHNICAL.includes(field) ? technical : rows).push({ field, title: label[lang], value: shown });
  }
  return { rows, technical };
}

/** A division's name goes with its code. @param {string} title @param {unknown} value @param {string} field */
function withCode(title, value, field) {
  return field.endsWith("_code") && title !== value ? `${title} ${value}` : title;
}

/**
 * @param {unknown} value
 * @param {string} field
 * @param {FieldLabel} label
 * @param {Language} lang
 * @param {{ yes: string, no: string, synthetic: string }} words
 */
function valueText(value, field, label, lang, words) {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (value === "synthetic") return words.synthetic;
  const unit = unitText(label.unit, lang);
  if (typeof value === "number") {
    if (unit === "m" && Math.abs(value) >= 1000) return formatLength(value, lang);
    // A year or a rank is a name made of digits, not an amount.
    const plain = !label.unit && Number.isInteger(value);
    return [plain ? String(value) : formatNumber(value, lang, Number.isInteger(value) ? 0 : 2), unit].filter(Boolean).join(" ");
  }
  if (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) return formatDay(value, lang);
  if (typeof value === "string" && field === "changed") return value.replace("T", " ").replace(/\.\d+Z$/, " UTC");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Units that are words stand in Chinese in the catalogue; English does without them. */
/** @param {FieldLabel["unit"]} unit @param {Language} lang */
function unitText(unit, lang) {
  if (!unit) return "";
  if (typeof unit === "object") return unit[lang];
  return lang === "en" && /\p{Script=Han}/u.test(unit) ? "" : unit;
}

/**
 * West, south, east, north of a geometry; null where it has no position.
 *
 * @param {GeoJSON.Geometry | null} geometry
 * @returns {[number, number, number, number] | null}
 */
export function boundsOf(geometry) {
  if (!geometry) return null;
  const parts = geometry.type === "GeometryCollection" ? geometry.geometries.map((each) => boundsOf(each)) : [];
  /** @type {number[][]} */
  const positions = geometry.type === "GeometryCollection" ? parts.flatMap((box) => (box ? [box.slice(0, 2), box.slice(2)] : [])) : positionsOf(geometry.coordinates);
  if (!positions.length) return null;
  const lons = positions.map((position) => Number(position[0]));
  const lats = positions.map((position) => Number(position[1]));
  const least = (/** @type {number[]} */ list) => list.reduce((a, b) => Math.min(a, b));
  const most = (/** @type {number[]} */ list) => list.reduce((a, b) => Math.max(a, b));
  return [least(lons), least(lats), most(lons), most(lats)];
}

/** @param {any} coordinates @returns {number[][]} */
function positionsOf(coordinates) {
  return typeof coordinates[0] === "number" ? [coordinates] : coordinates.flatMap(positionsOf);
}
