import assert from "node:assert/strict";
import { test } from "node:test";
import { isShown, moved, onwards, sampleKey } from "../../../web/static/js/logic/sample.js";

const plain = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false };
/** @param {string} text one sign a record: `.` not judged, `r`, `w`, upper case: not shown */
const places = (text) => [...text].map((sign, at) => ({ position: at + 1, verdict: sign === "." || sign === "_" ? "" : sign.toLowerCase(), hidden: sign === "_" || sign !== sign.toLowerCase() }));

test("keys mean something while nobody types", () => {
  assert.equal(sampleKey({ ...plain, key: "R" }, false), "right");
  assert.equal(sampleKey({ ...plain, key: "w" }, false), "wrong");
  assert.equal(sampleKey({ ...plain, key: "ArrowDown" }, false), "next");
  assert.equal(sampleKey({ ...plain, key: "x" }, false), null);
  assert.equal(sampleKey({ ...plain, key: "r" }, true), null);
  assert.equal(sampleKey({ ...plain, key: "r", ctrlKey: true }, false), null);
});

test("the arrows go through what is shown and stop at the ends", () => {
  assert.equal(moved(places("..."), 0, 1), 1);
  assert.equal(moved(places("..."), 0, -1), 3);
  assert.equal(moved(places("..."), 3, 1), 3);
  assert.equal(moved(places("._."), 1, 1), 3);
  assert.equal(moved(places("._."), 2, 1), 3, "one that is not shown any more is still where one stands");
  assert.equal(moved(places(""), 0, 1), 0);
});

test("after a verdict the next one that is not judged", () => {
  assert.equal(onwards(places("rr.r."), 2), 3);
  assert.equal(onwards(places(".rrrr"), 5), 1, "round again");
  assert.equal(onwards(places("rrrr"), 2), 3, "all judged: the next");
  assert.equal(onwards(places("rrrr"), 4), 4);
  assert.equal(onwards(places("r_."), 1), 3);
});

test("what a filter shows", () => {
  assert.deepEqual(["", "right", "wrong"].filter((verdict) => isShown("open", verdict)), [""]);
  assert.deepEqual(["", "right", "wrong"].filter((verdict) => isShown("wrong", verdict)), ["wrong"]);
  assert.deepEqual(["", "right", "wrong"].filter((verdict) => isShown("", verdict)), ["", "right", "wrong"]);
});
