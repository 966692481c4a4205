import assert from "node:assert/strict";
import { test } from "node:test";

import { boundsOf, counts, isOpen, others, pointsOf, taken, textsOf } from "../../../web/static/js/logic/geocoding.js";

const match = (uuid, more = {}) => ({ uuid, name: uuid, accuracy: "village", lon: 118, lat: 36, ...more });
const answer = (own, alternatives = [], doubtful = false) => ({ text: "", match: own, accuracy: own?.accuracy ?? "unknown", doubtful, alternatives, findings: [] });

test("one address in each line, blank ones left out", () => {
  assert.deepEqual(textsOf("a\r\n\n  b  \rc"), ["a", "b", "c"]);
  assert.deepEqual(textsOf(" \n\t\n"), []);
  assert.deepEqual(textsOf(""), []);
});

test("of a spreadsheet the column that is headed so, without its heading", () => {
  assert.deepEqual(textsOf("序号\t详细地址\t名称\n1\t青州市\t很长很长很长的名称\n2\t\t乙"), ["青州市"]);
  assert.deepEqual(textsOf("地址\n青州市"), ["青州市"]);
});

test("without a heading the column with the most Chinese characters", () => {
  assert.deepEqual(textsOf("1\t青州市弥河镇\t甲\n2\t临朐县城关街道\t乙"), ["青州市弥河镇", "临朐县城关街道"]);
  assert.deepEqual(textsOf("qingzhou\tx"), ["qingzhou"]);
});

test("what is chosen takes the place of what was found and is not open any more", () => {
  const open = answer(null, [match("a"), match("b")], true);
  assert.equal(taken(open, undefined), null);
  assert.equal(taken(open, "b").uuid, "b");
  assert.equal(taken(answer(match("x"), [match("a")]), "gone").uuid, "x");
  assert.deepEqual([isOpen(open, undefined), isOpen(open, "b"), isOpen(answer(match("x")), undefined)], [true, false, false]);
});

test("counts follow what is chosen", () => {
  const answers = [answer(match("x")), answer(null, [match("a", { accuracy: "town" })], true)];
  assert.deepEqual(counts(answers, new Map()), { address: 0, village: 1, road: 0, town: 0, county: 0, unknown: 1, open: 1 });
  assert.deepEqual(counts(answers, new Map([[1, "a"]])), { address: 0, village: 1, road: 0, town: 1, county: 0, unknown: 0, open: 0 });
});

test("points of all answers, and of the chosen row's alternatives", () => {
  const answers = [answer(match("x")), answer(match("y", { lon: 119 }), [match("a", { lat: 37 }), match("n", { lon: null })], true), answer(null)];
  const plain = pointsOf(answers, new Map(), null);
  assert.deepEqual(plain.features.map(({ properties: { row, state } }) => [row, state]), [[0, "sure"], [1, "open"]]);
  const chosen = pointsOf(answers, new Map([[1, "a"]]), 1);
  assert.deepEqual(chosen.features.map(({ properties: { name, state, selected } }) => [name, state, selected]), [["x", "sure", false], ["a", "sure", true], ["y", "other", false]]);
  assert.deepEqual(boundsOf(chosen), [118, 36, 119, 37]);
  assert.equal(boundsOf(pointsOf([], new Map(), 0)), null);
  assert.deepEqual(others(answers[1], answers[1].match).map(({ uuid }) => uuid), ["a", "n"]);
});
