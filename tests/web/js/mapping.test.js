import assert from "node:assert/strict";
import { test } from "node:test";

import { AUTO, chosenFor, fromLines, fromValueLines, unsaid, valueLines, wholeMapping, withColumn } from "../../../web/static/js/logic/mapping.js";

test("a mapping has every member, and its own copy of them", () => {
  const given = { columns: { a: "name" } };
  const whole = wholeMapping(given);
  assert.deepEqual(Object.keys(whole).sort(), ["accept", "axes", "columns", "constants", "crs", "empty", "encoding", "layer", "values"]);
  whole.columns.b = "x";
  assert.deepEqual(given, { columns: { a: "name" } });
});

test("a column is recognised, left out or taken as a field", () => {
  let mapping = wholeMapping();
  assert.equal(chosenFor(mapping, "a"), AUTO);
  mapping = withColumn(mapping, "a", "name");
  assert.equal(chosenFor(mapping, "a"), "name");
  mapping = withColumn(mapping, "a", "");
  assert.equal(chosenFor(mapping, "a"), "");
  mapping = withColumn(mapping, "a", AUTO);
  assert.deepEqual(mapping.columns, {});
});

test("lines become values and come back", () => {
  assert.deepEqual(fromLines([["kind", "canteen"], ["", "x"], ["kind", "home"]]), { kind: "home" });
  const lines = /** @type {[string, string, string][]} */ ([["kind", "食堂", "canteen"], ["kind", "院", "home"], ["grade", "1", "2"]]);
  const values = fromValueLines([...lines, ["", "x", "y"], ["kind", "", "y"]]);
  assert.deepEqual(values, { kind: { 食堂: "canteen", 院: "home" }, grade: { 1: "2" } });
  assert.deepEqual(valueLines(wholeMapping({ values })), lines);
});

test("unknown columns need a word until one is said", () => {
  const columns = [{ heading: "a", known: "unknown" }, { heading: "b", known: "recognised" }, { heading: "c", known: "left" }];
  assert.deepEqual(unsaid(/** @type {any} */ (columns), wholeMapping()).map(({ heading }) => heading), ["a"]);
  assert.deepEqual(unsaid(/** @type {any} */ (columns), wholeMapping({ columns: { a: "" } })), []);
});
