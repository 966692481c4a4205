import assert from "node:assert/strict";
import { test } from "node:test";

import { BUSY, duration, merged, pace, QUIET } from "../../../web/static/js/logic/jobs.js";

const job = (uuid, created, more = {}) => ({ uuid, created, open: false, ...more });

test("what has changed takes the place of what was known, newest first", () => {
  const known = [job("b", "2026-01-02"), job("a", "2026-01-01", { share: 0 })];
  const found = merged(known, [job("a", "2026-01-01", { share: 1 }), job("c", "2026-01-03")]);
  assert.deepEqual(found.map(({ uuid }) => uuid), ["c", "b", "a"]);
  assert.equal(found[2].share, 1);
  assert.equal(known.length, 2);
  assert.deepEqual(merged([], []), []);
});

test("asks often while something runs", () => {
  assert.equal(pace([]), QUIET);
  assert.equal(pace([job("a", "1")]), QUIET);
  assert.equal(pace([job("a", "1"), job("b", "2", { open: true })]), BUSY);
});

test("durations are said with two parts at most", () => {
  const from = "2026-01-01T00:00:00.000Z";
  const said = (to, lang) => duration(from, to, lang);
  assert.equal(said("2026-01-01T00:00:00.300Z", "en"), "0 s");
  assert.equal(said("2026-01-01T00:00:08.000Z", "en"), "8 s");
  assert.equal(said("2026-01-01T00:03:20.000Z", "en"), "3 min 20 s");
  assert.equal(said("2026-01-01T00:03:00.000Z", "zh"), "3分");
  assert.equal(said("2026-01-01T02:05:09.000Z", "zh"), "2小时5分");
  assert.equal(duration(null, null, "en"), "");
  assert.equal(duration(from, null, "en", Date.parse(from) + 61000), "1 min 1 s");
  assert.equal(duration(from, null, "en", Date.parse(from) - 5000), "0 s");
});
