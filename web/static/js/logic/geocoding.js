/**
 * Addresses as they are pasted, and answers as they are shown. Pure: no DOM.
 *
 * @import { Accuracy, Answer, Match } from "../geocoding/types.js"
 */

const HEADING = /^(?:详细|机构|单位|设施|具体|所在)?地址$|^address$|^位置$|^地点$|^地名$|^所在地$|^住址$/i;
const HAN = /[一-龥]/g;

/** The best first. @type {readonly Accuracy[]} */
export const ACCURACIES = ["address", "village", "road", "town", "county", "unknown"];

/**
 * The addresses of a pasted text: one in each line; of several columns, as a spreadsheet copies them, the one whose
 * heading says so, else the one with the most Chinese characters.
 *
 * @param {string} pasted
 * @returns {string[]}
 */
export function textsOf(pasted) {
  const lines = pasted.replace(/\r\n?/g, "\n").split("\n");
  const rows = lines.filter((line) => line.trim()).map((line) => line.split("\t").map((cell) => cell.trim()));
  const [first] = rows;
  if (!first) return [];
  const headed = first.findIndex((cell) => HEADING.test(cell));
  const body = headed >= 0 ? rows.slice(1) : rows;
  const at = headed >= 0 ? headed : fullest(body);
  return body.map((row) => row[at] ?? "").filter(Boolean);
}

/** @param {string[][]} rows */
function fullest(rows) {
  const most = Math.max(...rows.map((row) => row.length));
  const weights = Array.from({ length: most }, (_, at) => rows.reduce((sum, row) => sum + (row[at]?.match(HAN)?.length ?? 0), 0));
  return weights.indexOf(Math.max(...weights));
}

/**
 * What is taken for an answer: the alternative that was chosen, else what was found.
 *
 * @param {Answer} answer
 * @param {string | undefined} chosen permanent id
 * @returns {Match | null}
 */
export function taken(answer, chosen) {
  return answer.alternatives.find(({ uuid }) => uuid === chosen) ?? answer.match;
}

/**
 * Whether somebody should still look at an answer.
 *
 * @param {Answer} answer
 * @param {string | undefined} chosen
 */
export const isOpen = (answer, chosen) => answer.doubtful && chosen === undefined;

/**
 * How many answers are of each accuracy, as they are taken.
 *
 * @param {Answer[]} answers
 * @param {Map<number, string>} chosen
 * @returns {Record<Accuracy | "open", number>}
 */
export function counts(answers, chosen) {
  const found = { address: 0, village: 0, road: 0, town: 0, county: 0, unknown: 0, open: 0 };
  answers.forEach((answer, row) => {
    found[taken(answer, chosen.get(row))?.accuracy ?? "unknown"] += 1;
    if (isOpen(answer, chosen.get(row))) found.open += 1;
  });
  return found;
}

/**
 * The points of answers for the map.
 *
 * @param {Answer[]} answers
 * @param {Map<number, string>} chosen
 * @param {number | null} selected the row whose alternatives show too
 * @returns {GeoJSON.FeatureCollection<GeoJSON.Point>}
 */
export function pointsOf(answers, chosen, selected) {
  /** @type {GeoJSON.Feature<GeoJSON.Point>[]} */
  const features = [];
  answers.forEach((answer, row) => {
    const match = taken(answer, chosen.get(row));
    if (match) add(features, match, { row, name: match.name, state: isOpen(answer, chosen.get(row)) ? "open" : "sure", selected: row === selected });
  });
  const answer = selected === null ? undefined : answers[selected];
  if (answer && selected !== null) {
    const own = taken(answer, chosen.get(selected));
    for (const other of others(answer, own)) add(features, other, { row: selected, name: other.name, state: "other", selected: false });
  }
  return { type: "FeatureCollection", features };
}

/**
 * All places that an answer may mean but the one that is taken.
 *
 * @param {Answer} answer
 * @param {Match | null} own
 */
export function others({ match, alternatives }, own) {
  return [...(match ? [match] : []), ...alternatives].filter(({ uuid }) => uuid !== own?.uuid);
}

/**
 * @param {GeoJSON.Feature<GeoJSON.Point>[]} features
 * @param {Match} match
 * @param {GeoJSON.GeoJsonProperties} properties
 */
function add(features, { lon, lat }, properties) {
  if (lon === null || lat === null) return;
  features.push({ type: "Feature", geometry: { type: "Point", coordinates: [lon, lat] }, properties });
}

/**
 * West, south, east, north of points; null of none.
 *
 * @param {GeoJSON.FeatureCollection<GeoJSON.Point>} points
 * @returns {[number, number, number, number] | null}
 */
export function boundsOf({ features }) {
  if (!features.length) return null;
  const lons = features.map(({ geometry }) => geometry.coordinates[0] ?? 0);
  const lats = features.map(({ geometry }) => geometry.coordinates[1] ?? 0);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
