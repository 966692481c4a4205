import assert from "node:assert/strict";
import { test } from "node:test";
import { formatArea, formatBytes, formatDay, formatLength, formatNumber, formatPercent } from "../../../web/static/js/logic/format.js";

test("numbers have separators of thousands, and what is absent is a dash", () => {
  assert.equal(formatNumber(9386705, "zh"), "9,386,705");
  assert.equal(formatNumber(14.25, "en", 1), "14.3");
  for (const absent of [null, undefined, NaN, Infinity]) assert.equal(formatNumber(absent, "zh"), "—");
});

test("lengths change their unit at a kilometre", () => {
  assert.equal(formatLength(7.44, "zh"), "7.4 米");
  assert.equal(formatLength(999.4, "zh"), "999 米");
  assert.equal(formatLength(999.6, "zh"), "1 公里");
  assert.equal(formatLength(1500, "en"), "1.5 km");
  assert.equal(formatLength(70512, "zh"), "70.5 公里");
  assert.equal(formatLength(956270, "en"), "956.3 km");
  assert.equal(formatLength(1686250, "en"), "1,686 km");
});

test("areas change their unit at a tenth of a square kilometre", () => {
  assert.equal(formatArea(99999, "zh"), "99,999 平方米");
  assert.equal(formatArea(1234567, "en"), "1.235 km²");
  assert.equal(formatArea(16138e6, "zh"), "16,138 平方公里");
});

test("all and none alone are 100 and 0 percent", () => {
  assert.equal(formatPercent(1, "zh"), "100");
  assert.equal(formatPercent(0, "zh"), "0");
  assert.equal(formatPercent(0.99999, "zh"), "99.9");
  assert.equal(formatPercent(0.00001, "zh"), "0.1");
  assert.equal(formatPercent(0.1416, "en"), "14.2");
  assert.equal(formatPercent(null, "en"), "—");
});

test("days are written out, whatever the reader's time zone", () => {
  assert.equal(formatDay("2022-12-31", "zh"), "2022年12月31日");
  assert.equal(formatDay("2022-12-31", "en"), "31 December 2022");
  assert.equal(formatDay("", "en"), "—");
});

test("sizes of files", () => {
  assert.equal(formatBytes(512, "en"), "512 B");
  assert.equal(formatBytes(27 * 1024, "en"), "27 KB");
  assert.equal(formatBytes(3.25 * 1024 ** 2, "en"), "3.3 MB");
});
