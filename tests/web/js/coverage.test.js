import assert from "node:assert/strict";
import { test } from "node:test";
import { DISTANCES, normOf, sliderPlace, uncoveredVillages, villageFeatures, villagesBox } from "../../../web/static/js/logic/coverage.js";

const VILLAGES = {
  uuid: ["a", "b", "c", "d"],
  name: ["甲", "乙", "丙", "丁"],
  town: ["370781001", "370781002", "370724001", null],
  lon: [118.1, 118.5, 118.9, 119],
  lat: [36.1, 36.5, 36.2, 37],
  covered: [0, 1, 0, 0],
  weight: [100, 50, 900, 100],
  nearest_m: [2000, 300, 5000, null],
};

test("villages as features for the map", () => {
  const { features } = villageFeatures(VILLAGES);
  assert.equal(features.length, 4);
  assert.deepEqual(features[1], { type: "Feature", properties: { uuid: "b", name: "乙", covered: 1 }, geometry: { type: "Point", coordinates: [118.5, 36.5] } });
});

test("left out: those with most people first, of equals the farthest", () => {
  assert.deepEqual(uncoveredVillages(VILLAGES).map((row) => row.uuid), ["c", "d", "a"]);
});

test("the box of a county and of a town", () => {
  assert.deepEqual(villagesBox(VILLAGES, "370781"), [118.1, 36.1, 118.5, 36.5]);
  assert.deepEqual(villagesBox(VILLAGES, "370781002"), [118.5, 36.5, 118.5, 36.5]);
  assert.equal(villagesBox(VILLAGES, "370705"), null);
});

test("a question that follows a norm to the letter is known by it", () => {
  const norms = [{ key: "n", title: { zh: "", en: "" }, kinds: ["a", "b"], distance_m: 500, source: "", status: /** @type {const} */ ("H") }];
  assert.equal(normOf(norms, { kinds: ["b", "a"], distance: 500, weight: "population" })?.key, "n");
  assert.equal(normOf(norms, { kinds: ["a"], distance: 500, weight: "population" }), null);
  assert.equal(normOf(norms, { kinds: ["a", "b"], distance: 501, weight: "population" }), null);
});

test("the slider stands where a distance is nearest", () => {
  DISTANCES.forEach((distance, i) => assert.equal(sliderPlace(distance), i));
  assert.equal(DISTANCES[sliderPlace(1070)], 1000);
  assert.equal(DISTANCES[sliderPlace(99999)], 10000);
});
