import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, recordRows } from "../../../web/static/js/logic/record.js";

const WORDS = { yes: "是", no: "否", synthetic: "合成" };
const label = (/** @type {string} */ zh, /** @type {string} */ unit = "") => ({ zh, en: zh, unit });

/** @type {import("../../../web/static/js/api.js").FeatureAnswer} */
const FEATURE = {
  type: "Feature",
  id: "1",
  geometry: { type: "Point", coordinates: [119, 36] },
  properties: {
    name: "青州市—临朐县", inner: true, batch: 2022, length_m: 70512.34, beds: 1200, county_code: "370781",
    opened: "2022-03-05", note: null, address: "", source: "synthetic", version: 3, status: "derived",
  },
  labels: {
    name: label("名称"), inner: label("市内界线"), batch: label("联检年度"), length_m: label("界线长度", "m"), beds: label("床位数", "张"),
    county_code: label("县级代码"), opened: label("启用日期"), note: label("备注"), address: label("地址"), source: label("资料来源"),
    version: label("版本"), status: label("界线状态"),
  },
  titles: { county_code: { zh: "青州市", en: "青州市" }, status: { zh: "推得", en: "derived" } },
};

test("rows in the catalogue's order, with units, titles and nothing empty", () => {
  const { rows } = recordRows(FEATURE, "zh", WORDS);
  assert.deepEqual(rows.map((row) => [row.field, row.value]), [
    ["inner", "是"],
    ["batch", "2022"],
    ["length_m", "70.5 公里"],
    ["beds", "1,200 张"],
    ["county_code", "青州市 370781"],
    ["opened", "2022年3月5日"],
    ["status", "推得"],
  ]);
});

test("what only keepers of the register need stands apart", () => {
  assert.deepEqual(recordRows(FEATURE, "zh", WORDS).technical.map((row) => [row.field, row.value]), [["source", "合成"], ["version", "3"]]);
});

test("English does without Chinese units", () => {
  assert.equal(recordRows(FEATURE, "en", WORDS).rows.find((row) => row.field === "beds")?.value, "1,200");
});

test("the bounds of any geometry", () => {
  assert.deepEqual(boundsOf({ type: "Point", coordinates: [119, 36] }), [119, 36, 119, 36]);
  assert.deepEqual(boundsOf({ type: "MultiPolygon", coordinates: [[[[1, 2], [3, 4], [0, 9], [1, 2]]], [[[7, 7], [8, 8], [7, 8], [7, 7]]]] }), [0, 2, 8, 9]);
  assert.deepEqual(boundsOf({ type: "GeometryCollection", geometries: [{ type: "Point", coordinates: [1, 2] }, { type: "LineString", coordinates: [[0, 5], [3, 1]] }] }), [0, 1, 3, 5]);
  assert.equal(boundsOf({ type: "LineString", coordinates: [] }), null);
  assert.equal(boundsOf(null), null);
});
