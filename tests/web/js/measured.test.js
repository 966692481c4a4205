import assert from "node:assert/strict";
import { test } from "node:test";
import { measuredFeatures } from "../../../web/static/js/logic/measured.js";

/** @type {[number, number][]} */
const POINTS = [[119, 36], [119.1, 36], [119.1, 36.1]];
const label = (/** @type {number} */ metres) => `${Math.round(metres / 1000)} km`;
const kinds = (/** @type {GeoJSON.FeatureCollection} */ collection) => collection.features.map((feature) => feature.geometry.type);

test("a distance is a line with the way so far at each point but the first", () => {
  const drawn = measuredFeatures(POINTS, "distance", label);
  assert.deepEqual(kinds(drawn), ["LineString", "Point", "Point", "Point"]);
  assert.deepEqual(drawn.features.slice(1).map((feature) => feature.properties?.label), [undefined, "9 km", "20 km"]);
});

test("an area is a closed ring, from three points on", () => {
  const drawn = measuredFeatures(POINTS, "area", label);
  assert.deepEqual(kinds(drawn), ["Polygon", "LineString", "Point", "Point", "Point"]);
  assert.deepEqual(drawn.features[0]?.geometry, { type: "Polygon", coordinates: [[...POINTS, POINTS[0]]] });
  assert.deepEqual(kinds(measuredFeatures(POINTS.slice(0, 2), "area", label)), ["LineString", "Point", "Point"]);
});

test("nothing clicked, nothing drawn", () => {
  assert.deepEqual(measuredFeatures([], "area", label).features, []);
});
