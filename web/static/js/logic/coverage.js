/**
 * A coverage answer as the map and the lists need it. Pure: no DOM.
 *
 * @import { CoverageQuestion, CoverageVillages, Norm } from "../api.js"
 */

/** @type {Readonly<CoverageQuestion>} what is asked first */
export const FIRST_QUESTION = Object.freeze({ kinds: ["day_care", "canteen"], distance: 1000, weight: "aged_60" });

/** The slider's positions: fine where norms lie, coarse beyond. The number beside it takes any distance. */
export const DISTANCES = [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1200, 1500, 2000, 2500, 3000, 4000, 5000, 7500, 10000];

/** @param {number} metres @returns {number} the slider's position nearest to a distance */
export function sliderPlace(metres) {
  let best = 0;
  DISTANCES.forEach((distance, i) => {
    if (Math.abs(distance - metres) < Math.abs(Number(DISTANCES[best]) - metres)) best = i;
  });
  return best;
}

/** @param {CoverageVillages} villages @returns {GeoJSON.FeatureCollection} */
export function villageFeatures(villages) {
  return {
    type: "FeatureCollection",
    features: villages.uuid.map((uuid, i) => ({
      type: "Feature",
      properties: { uuid, name: villages.name[i], covered: villages.covered[i] },
      geometry: { type: "Point", coordinates: [Number(villages.lon[i]), Number(villages.lat[i])] },
    })),
  };
}

/**
 * The villages that nobody reaches, those with most people first.
 *
 * @param {CoverageVillages} villages
 */
export function uncoveredVillages(villages) {
  const rows = villages.uuid.flatMap((uuid, i) =>
    villages.covered[i]
      ? []
      : [{
          uuid,
          name: String(villages.name[i]),
          lon: Number(villages.lon[i]),
          lat: Number(villages.lat[i]),
          weight: Number(villages.weight[i]),
          nearest: villages.nearest_m[i] ?? null,
        }],
  );
  return rows.sort((a, b) => b.weight - a.weight || (b.nearest ?? Infinity) - (a.nearest ?? Infinity));
}

/**
 * West, south, east, north of the villages of a county (6 digits) or town (9 digits); null where there is none.
 *
 * @param {CoverageVillages} villages
 * @param {string} code
 * @returns {[number, number, number, number] | null}
 */
export function villagesBox({ town, lon, lat }, code) {
  /** @type {[number, number, number, number]} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  town.forEach((each, i) => {
    if (!each?.startsWith(code)) return;
    box[0] = Math.min(box[0], Number(lon[i]));
    box[1] = Math.min(box[1], Number(lat[i]));
    box[2] = Math.max(box[2], Number(lon[i]));
    box[3] = Math.max(box[3], Number(lat[i]));
  });
  return box[0] <= box[2] ? box : null;
}

/**
 * The norm that a question follows to the letter, if any.
 *
 * @param {readonly Norm[]} norms
 * @param {CoverageQuestion} question
 */
export function normOf(norms, { kinds, distance }) {
  const text = (/** @type {readonly string[]} */ list) => [...list].sort().join();
  return norms.find((norm) => norm.distance_m === distance && text(norm.kinds) === text(kinds)) ?? null;
}
