import assert from "node:assert/strict";
import { test } from "node:test";
import { changedValues, drawMode, drawnParts, firstChoice, inputText, joined, sentValue, settledValues, shownFindings } from "../../../web/static/js/logic/editing.js";

const field = (/** @type {string} */ name, type = "str") => /** @type {any} */ ({ name, type });

test("an input shows the record's value and sends what was typed", () => {
  assert.equal(inputText(null, "str"), "");
  assert.equal(inputText(true, "bool"), "true");
  assert.equal(inputText("2026-01-02T00:00:00Z", "date"), "2026-01-02");
  assert.equal(inputText([{ a: 1 }], "json"), '[\n {\n  "a": 1\n }\n]');
  assert.equal(sentValue("  ", "str"), null);
  assert.equal(sentValue("false", "bool"), false);
  assert.deepEqual(sentValue('[{"a": 1}]', "json"), [{ a: 1 }]);
  assert.equal(sentValue("[{", "json"), "[{");
  assert.equal(sentValue("many", "int"), "many");
});

test("only what differs is sent; spaces around do not count", () => {
  const fields = [field("name"), field("beds", "int"), field("note"), field("parts", "json"), field("gone")];
  const record = { name: "甲", beds: 5, note: null, parts: [1], gone: "x" };
  assert.deepEqual(changedValues(fields, record, { name: " 甲 ", beds: "5", note: "", parts: "[\n 1\n]", gone: "x" }), {});
  assert.deepEqual(changedValues(fields, record, { name: "乙", beds: "6", note: "注", gone: " " }), { name: "乙", beds: "6", note: "注", gone: null });
});

test("what nobody has touched of a new record is not complained of before saving", () => {
  const findings = /** @type {any[]} */ ([{ field: "name", severity: "error" }, { field: "beds", severity: "error" }, { field: "", severity: "error" }]);
  const touched = new Set(["beds"]);
  assert.deepEqual(shownFindings(findings, { isNew: true, tried: false, touched }).map(({ field }) => field), ["beds"]);
  assert.equal(shownFindings(findings, { isNew: true, tried: true, touched }).length, 3);
  assert.equal(shownFindings(findings, { isNew: false, tried: false, touched: new Set() }).length, 3);
});

test("vertices that nobody touches keep all their decimals, holes and parts stay", () => {
  const shell = [[118.12345678901234, 36], [119, 36], [119, 37.00000000000012], [118.12345678901234, 36]];
  const hole = [[118.5, 36.2], [118.6, 36.2], [118.6, 36.3], [118.5, 36.2]];
  /** @type {GeoJSON.MultiPolygon} */
  const area = { type: "MultiPolygon", coordinates: [[shell, hole], [[[1, 1], [2, 1], [2, 2], [1, 1]]]] };
  const { parts, holes, exact } = drawnParts(area);
  assert.equal(parts.length, 2);
  assert.deepEqual(/** @type {GeoJSON.Polygon} */ (parts[0]).coordinates[0]?.[0], [118.123456789, 36]);
  assert.deepEqual(joined(parts, "MultiPolygon", { holes, exact }), area);
  /** @type {GeoJSON.LineString} */
  const line = { type: "LineString", coordinates: [[118.00000000000001, 36], [119, 36]] };
  const drawn = drawnParts(line);
  assert.deepEqual(joined(drawn.parts, "LineString", drawn), line);
  assert.deepEqual(joined(drawn.parts, "MultiLineString", drawn), { type: "MultiLineString", coordinates: [line.coordinates] });
});

test("what is not drawn to its end is no geometry", () => {
  assert.equal(joined([], "Point"), null);
  assert.equal(joined([{ type: "LineString", coordinates: [[1, 1]] }], "LineString"), null);
  assert.equal(joined([{ type: "Polygon", coordinates: [[[1, 1], [2, 2], [1, 1]]] }], "MultiPolygon"), null);
  assert.deepEqual(drawnParts(null).parts, []);
  assert.deepEqual([drawMode("Point"), drawMode("MultiLineString"), drawMode("MultiPolygon")], ["point", "linestring", "polygon"]);
});

test("who alone has changed a field is right; where both have, somebody must choose", () => {
  const side = (/** @type {unknown} */ value) => ({ value, text: String(value) });
  assert.equal(firstChoice({ both: true, base: side(1), mine: side(2) }), null);
  assert.equal(firstChoice({ both: false, base: side(1), mine: side(1) }), "theirs");
  assert.equal(firstChoice({ both: false, base: side(1), mine: side(2) }), "mine");
  assert.deepEqual(settledValues([{ name: "a", mine: side(1) }, { name: "b", mine: side(2) }], { a: "mine", b: "theirs" }), { a: 1 });
});
