import assert from "node:assert/strict";
import { test } from "node:test";
import { address, coverageAddress, exportAddress, fileName, tileAddress } from "../../../web/static/js/logic/queries.js";

test("what is empty or absent is left out", () => {
  assert.equal(address("/api/search", { q: "青 州", limit: 10, asof: null, lon: undefined, x: "" }), "/api/search?q=%E9%9D%92+%E5%B7%9E&limit=10");
  assert.equal(address("/api/layers"), "/api/layers");
  assert.equal(address("/a", { zero: 0 }), "/a?zero=0");
});

test("tiles say of which change and which day they are", () => {
  assert.equal(
    tileAddress("http://x", "place-names", { seq: 7, asof: "2022-12-31" }),
    "http://x/tiles/place-names/{z}/{x}/{y}.mvt?v=7&asof=2022-12-31",
  );
  assert.equal(tileAddress("http://x", "stakes", { seq: 0, asof: null }), "http://x/tiles/stakes/{z}/{x}/{y}.mvt?v=0");
});

test("coverage", () => {
  const question = { kinds: ["a", "b"], distance: 1500, weight: /** @type {const} */ ("aged_60") };
  assert.equal(coverageAddress(".xlsx", question, null), "/api/coverage.xlsx?kinds=a,b&distance=1500&weight=aged_60");
});

test("an export names an encoding only where there is one", () => {
  const wanted = { format: "gpkg", crs: "4549", encoding: "gb18030", asof: null, classes: null, bbox: null };
  assert.equal(exportAddress("stakes", wanted), "/api/export/stakes?format=gpkg&crs=4549");
  assert.equal(
    exportAddress("facilities", { ...wanted, format: "shp", classes: ["canteen"], bbox: [118, 36, 119, 37] }),
    "/api/export/facilities?format=shp&crs=4549&encoding=gb18030&class=canteen&bbox=118.000000,36.000000,119.000000,37.000000",
  );
});

test("a file's name as the server proposes it", () => {
  assert.equal(fileName('attachment; filename="a.zip"', "x"), "a.zip");
  assert.equal(fileName("attachment; filename=a.zip", "x"), "a.zip");
  assert.equal(fileName("attachment; filename=a.zip; filename*=UTF-8''%E5%9C%B0.zip", "x"), "地.zip");
  assert.equal(fileName("attachment; filename*=UTF-8''%E5%9", "x"), "x");
  assert.equal(fileName(null, "x"), "x");
});
