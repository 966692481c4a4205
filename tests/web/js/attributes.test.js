import assert from "node:assert/strict";
import { test } from "node:test";
import { attributesHeld, attributesOf, attributesShown, attributesText } from "../../../web/static/js/logic/attributes.js";
import { changedValues } from "../../../web/static/js/logic/editing.js";

const field = (/** @type {string} */ key, type = "float") => /** @type {any} */ ({ key, type, title: { zh: key, en: key }, unit: "", choices: [] });
const CLASSES = { 24: [field("owner", "str")], 2423: [field("area"), field("capacity")], 2361: [field("load")] };

test("a class has its own attributes and those of the class above it", () => {
  assert.deepEqual(attributesOf(CLASSES, "24230").map(({ key }) => key), ["owner", "area", "capacity"]);
  assert.deepEqual(attributesOf(CLASSES, "22200"), []);
});

test("what the record has beside its class is shown, so that it can be taken out", () => {
  assert.deepEqual(attributesShown(CLASSES, "23610", { area: 3 }).map(({ key }) => key), ["load", "area"]);
  assert.deepEqual(attributesHeld("no object"), {});
});

test("numbers are sent as numbers, what is none as it is, nothing as nothing", () => {
  const fields = attributesOf(CLASSES, "24230");
  const held = { area: 3.5 };
  const sent = (/** @type {Record<string, string>} */ texts) => changedValues([/** @type {any} */ ({ name: "attributes", type: "json" })], { attributes: held }, { attributes: attributesText(held, fields, texts) });
  assert.deepEqual(sent({ area: "3.5", owner: "" }), {});
  assert.deepEqual(sent({ area: "1,250", owner: " 水利局 " }), { attributes: { area: 1250, owner: "水利局" } });
  assert.deepEqual(sent({ area: "很大" }), { attributes: { area: "很大" } });
  assert.deepEqual(sent({ area: " " }), { attributes: null });
});
