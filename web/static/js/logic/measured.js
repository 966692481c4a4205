/**
 * A measurement as features to draw. Pure: no DOM.
 *
 * @import { Position } from "./geodesy.js"
 */
import { lineLength } from "./geodesy.js";

/**
 * @param {readonly Position[]} points
 * @param {"distance" | "area"} mode
 * @param {(metres: number) => string} label how a length is written
 * @returns {GeoJSON.FeatureCollection}
 */
export function measuredFeatures(points, mode, label) {
  const ring = mode === "area" && points.length > 2;
  /** @type {GeoJSON.Feature[]} */
  const features = [];
  const add = (/** @type {GeoJSON.Geometry} */ geometry, /** @type {GeoJSON.GeoJsonProperties} */ properties = {}) =>
    features.push({ type: "Feature", properties, geometry });
  const closed = ring ? [...points, /** @type {Position} */ (points[0])] : [...points];
  if (ring) add({ type: "Polygon", coordinates: [closed] });
  if (points.length > 1) add({ type: "LineString", coordinates: closed });
  points.forEach((point, i) => {
    const named = mode === "distance" && i > 0;
    add({ type: "Point", coordinates: point }, named ? { label: label(lineLength(points.slice(0, i + 1))) } : {});
  });
  return { type: "FeatureCollection", features };
}
