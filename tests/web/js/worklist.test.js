import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, filtersOf, keyAction, noFilters, recordsOf, stepped, toggled } from "../../../web/static/js/logic/worklist.js";

const plain = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false };

test("filters and their address are the same thing", () => {
  assert.equal(addressOf(noFilters()), "");
  assert.deepEqual(filtersOf(""), noFilters());
  const filters = { ...noFilters(), rule: ["same-sound", "duplicate-name"], severity: [], county: "370781", q: "王家", mendable: true, state: "kept" };
  assert.deepEqual(filtersOf(addressOf(filters)), filters);
  assert.match(addressOf(filters), /rule=same-sound,duplicate-name&severity=all&state=kept/);
  assert.match(addressOf(noFilters(), { limit: 200, after: 0 }), /^\?limit=200$/);
});

test("the queue has each record once, and ends", () => {
  const queue = recordsOf([{ uuid: "a", layer: "place-names" }, { uuid: "a", layer: "place-names" }, { uuid: "d", layer: "divisions" }, { uuid: "b", layer: "place-names" }]);
  assert.deepEqual(queue, ["a", "b"]);
  assert.equal(stepped(queue, "a", 1), "b");
  assert.equal(stepped(queue, "b", 1), null);
  assert.equal(stepped(queue, "a", -1), null);
  assert.equal(stepped(queue, "elsewhere", 1), "a");
});

test("a key means something only while nobody types", () => {
  assert.deepEqual(keyAction({ ...plain, key: "A" }, false), { action: "accept" });
  assert.deepEqual(keyAction({ ...plain, key: "2" }, false), { action: "choose", candidate: 1 });
  assert.deepEqual(keyAction({ ...plain, key: "ArrowRight" }, false), { action: "next" });
  assert.equal(keyAction({ ...plain, key: "a" }, true), null);
  assert.equal(keyAction({ ...plain, key: "a", ctrlKey: true }, false), null);
  assert.equal(keyAction({ ...plain, key: "x" }, false), null);
});

test("switching twice changes nothing", () => {
  assert.deepEqual(toggled(toggled(["a"], "b"), "b"), ["a"]);
});
