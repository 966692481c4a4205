import assert from "node:assert/strict";
import { test } from "node:test";
import { allOf, batchThatStandsOut, classFilter, firstShown, isShown, sameShown, switched } from "../../../web/static/js/logic/shown.js";

const layer = (/** @type {string} */ key, /** @type {string[]} */ classes = []) => ({
  key,
  title: { zh: key, en: key },
  geometry: "Point",
  count: 1,
  min_zoom: 0,
  max_zoom: 14,
  classes: classes.map((name) => ({ key: name, title: { zh: name, en: name }, count: 1 })),
});
const LINES = layer("boundary-lines", ["batch-2020", "batch-2021", "batch-2022"]);
const FACILITIES = layer("facilities", ["canteen", "day_care", "village_aid"]);
const TRIPOINTS = layer("tripoints");
const CATALOGUE = { layers: [LINES, FACILITIES, TRIPOINTS, layer("boundary-points")] };

test("the first view shows all layers but the boundary points, and of facilities what is asked for first", () => {
  assert.deepEqual(firstShown(CATALOGUE), { "boundary-lines": null, facilities: ["canteen", "day_care"], tripoints: null });
});

test("classes go off and on one by one, and all on is null", () => {
  const first = firstShown(CATALOGUE);
  const without = switched(first, LINES, ["batch-2022"], false);
  assert.deepEqual(without["boundary-lines"], ["batch-2020", "batch-2021"]);
  assert.equal(switched(without, LINES, ["batch-2022"], true)["boundary-lines"], null);
  assert.equal(switched(first, FACILITIES, ["village_aid"], true)["facilities"], null);
  assert.deepEqual(first, firstShown(CATALOGUE), "the choice before stays as it was");
});

test("a layer without a class left is not shown, one without classes goes as a whole", () => {
  const none = switched(firstShown(CATALOGUE), FACILITIES, null, false);
  assert.ok(!("facilities" in none));
  assert.deepEqual(switched(none, FACILITIES, ["canteen"], true).facilities, ["canteen"]);
  const off = switched(firstShown(CATALOGUE), TRIPOINTS, null, false);
  assert.ok(!isShown(off, "tripoints"));
  assert.ok(isShown(switched(off, TRIPOINTS, null, true), "tripoints"));
});

test("the order of classes does not matter", () => {
  assert.ok(sameShown({ a: ["x", "y"], b: null }, { b: null, a: ["y", "x"] }));
  assert.ok(!sameShown({ a: ["x"] }, { a: null }));
  assert.ok(!sameShown({ a: null }, {}));
});

test("filters for the map", () => {
  assert.equal(classFilter({ facilities: null }, "facilities"), null);
  assert.deepEqual(classFilter({ facilities: ["canteen"] }, "facilities"), ["in", ["get", "kind"], ["literal", ["canteen"]]]);
  assert.deepEqual(classFilter({ "boundary-lines": ["batch-2021"] }, "boundary-lines"), ["in", ["get", "batch"], ["literal", [2021]]]);
  assert.equal(allOf(null, null), null);
  assert.deepEqual(allOf(null, ["a"]), ["a"]);
  assert.deepEqual(allOf(["a"], null, ["b"]), ["all", ["a"], ["b"]]);
});

test("the latest batch that shows stands out", () => {
  const first = firstShown(CATALOGUE);
  assert.equal(batchThatStandsOut(first, LINES), 2022);
  assert.equal(batchThatStandsOut(switched(first, LINES, ["batch-2022"], false), LINES), 2021);
  assert.equal(batchThatStandsOut({}, LINES), 0);
  assert.equal(batchThatStandsOut(first, undefined), 0);
});
