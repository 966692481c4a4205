import assert from "node:assert/strict";
import { test } from "node:test";
import { levelZoom } from "../../../web/static/js/logic/levels.js";

test("the smaller a division, the nearer it is looked at", () => {
  const zooms = ["city", "county", "town", "village"].map((level) => Number(levelZoom("divisions", level)));
  assert.deepEqual(zooms, [...zooms].sort((a, b) => a - b));
  assert.equal(new Set(zooms).size, 4);
});

test("other features have no zoom of their own", () => {
  assert.equal(levelZoom("facilities", "county"), undefined);
  assert.equal(levelZoom("divisions", undefined), undefined);
});
