import assert from "node:assert/strict";
import { test } from "node:test";
import { firstChoice, settledValues } from "../../../web/static/js/logic/editing.js";
import { actionsOf, clashOf, fieldsFor, nameDays, nameDecision } from "../../../web/static/js/logic/names.js";

/** @param {string} name @param {Record<string, unknown>} [more] */
const field = (name, more = {}) => /** @type {any} */ ({ name, type: "str", title: { zh: `${name}的中文`, en: name }, choices: [], ...more });
const KINDS = ["standard", "alias", "former"].map((key) => ({ key, title: { zh: `${key}之`, en: key.toUpperCase() } }));
const FIELDS = [field("name"), field("kind", { choices: KINDS }), field("note"), field("is_public", { type: "bool" }), field("valid_to", { type: "date" })];
const ABOUT = { version: 7, who: "bob", at: "2026-01-01T00:00:00Z", lang: /** @type {const} */ ("en"), yes: "yes", no: "no" };

test("days and decisions in words; what is not known is left out", () => {
  assert.equal(nameDays({ valid_from: "1958-10-01", valid_to: null }, "en"), "1 October 1958 –");
  assert.equal(nameDays({ valid_from: null, valid_to: "1984-03-02" }, "zh"), "– 1984年3月2日");
  assert.equal(nameDays({ valid_from: null, valid_to: null }, "en"), "");
  assert.equal(nameDecision({ decided_by: "市政府", decision: "〔2026〕1号", decided_on: null }, "zh"), "市政府 · 〔2026〕1号");
  assert.equal(nameDecision({}, "en"), "");
});

test("the standard name is neither removed nor promoted; a former row of the same name is not promoted", () => {
  assert.deepEqual(actionsOf({ kind: "standard", name: "弥河" }, "弥河"), { change: true, promote: false, remove: false });
  assert.deepEqual(actionsOf({ kind: "alias", name: "巨洋水" }, "弥河"), { change: true, promote: true, remove: true });
  assert.deepEqual(actionsOf({ kind: "former", name: "弥河" }, "弥河"), { change: true, promote: false, remove: true });
});

test("kinds: a further name is offered all but the standard one, the standard name nothing else", () => {
  const keys = (/** @type {string} */ kind) => fieldsFor(FIELDS, kind).find(({ name }) => name === "kind")?.choices.map(({ key }) => key);
  assert.deepEqual(keys(""), ["alias", "former"]);
  assert.deepEqual(keys("alias"), ["alias", "former"]);
  assert.deepEqual(keys("standard"), ["standard"]);
  assert.equal(fieldsFor(FIELDS, "").length, FIELDS.length);
  assert.equal(FIELDS[1].choices.length, 3);
});

test("a clash: what either has changed, said in words, with what is chosen at first", () => {
  const base = { name: "甲", kind: "alias", note: "a", is_public: true, valid_to: null };
  const theirs = { ...base, kind: "former", note: "b", valid_to: "1984-03-02" };
  const clash = clashOf(FIELDS, { base, theirs, mine: { note: "c", is_public: false, valid_to: "1984-03-02" } }, ABOUT);
  assert.deepEqual(clash.fields.map(({ name, both }) => [name, both]), [["kind", false], ["note", true], ["is_public", false], ["valid_to", false]]);
  assert.deepEqual(clash.fields.map((one) => [one.base.text, one.theirs.text, one.mine.text]), [["ALIAS", "FORMER", "ALIAS"], ["a", "b", "c"], ["yes", "yes", "no"], ["", "1984-03-02", "1984-03-02"]]);
  assert.deepEqual(clash.fields.map(firstChoice), ["theirs", null, "mine", "mine"]);
  assert.deepEqual(settledValues(clash.fields, { kind: "theirs", note: "mine", is_public: "mine", valid_to: "theirs" }), { note: "c", is_public: false });
  assert.deepEqual([clash.version, clash.who, clash.place], [7, "bob", null]);
});

test("nothing and an empty text are no change", () => {
  const clash = clashOf(FIELDS, { base: { note: null }, theirs: { note: undefined }, mine: { note: "" } }, ABOUT);
  assert.deepEqual(clash.fields, []);
});
