import assert from "node:assert/strict";
import { test } from "node:test";
import { sortRows } from "../../../web/static/js/logic/sorting.js";

const ROWS = [
  { name: "诸城市", share: 0.2 },
  { name: "安丘市", share: null },
  { name: "奎文区", share: 0.9 },
  { name: "昌乐县", share: 0.2 },
];
const names = (/** @type {typeof ROWS} */ rows) => rows.map((row) => row.name);

test("numbers by size, equals in their order, the absent last both ways", () => {
  assert.deepEqual(names(sortRows(ROWS, (row) => row.share, false)), ["诸城市", "昌乐县", "奎文区", "安丘市"]);
  assert.deepEqual(names(sortRows(ROWS, (row) => row.share, true)), ["奎文区", "诸城市", "昌乐县", "安丘市"]);
});

test("Chinese names go by their pinyin", () => {
  assert.deepEqual(names(sortRows(ROWS, (row) => row.name, false)), ["安丘市", "昌乐县", "奎文区", "诸城市"]);
});

test("the rows themselves stay as they were", () => {
  const before = names(ROWS);
  sortRows(ROWS, (row) => row.share, true);
  assert.deepEqual(names(ROWS), before);
});
