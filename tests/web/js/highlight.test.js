import assert from "node:assert/strict";
import { test } from "node:test";
import { highlight } from "../../../web/static/js/logic/highlight.js";

const hits = (/** @type {string} */ text, /** @type {string} */ query) =>
  highlight(text, query).filter((piece) => piece.hit).map((piece) => piece.text);

test("a part of a Chinese name", () => {
  assert.deepEqual(highlight("青州市—临朐县", "临朐"), [
    { text: "青州市—", hit: false },
    { text: "临朐", hit: true },
    { text: "县", hit: false },
  ]);
});

test("pinyin without tones, spaces and apostrophes", () => {
  assert.deepEqual(hits("Qīngzhōu Shì", "qingzhou"), ["Qīngzhōu"]);
  assert.deepEqual(hits("Qīngzhōu Shì", "zhoushi"), ["zhōu Shì"]);
  assert.deepEqual(hits("Xī'ān", "xian"), ["Xī'ān"]);
  assert.deepEqual(hits("Lǜ Shān", "lu"), ["Lǜ"]);
});

test("nothing hit, nothing asked, nothing there", () => {
  assert.deepEqual(highlight("寿光市", "qz"), [{ text: "寿光市", hit: false }]);
  assert.deepEqual(highlight("寿光市", " "), [{ text: "寿光市", hit: false }]);
  assert.deepEqual(highlight("", "x"), []);
});

test("the pieces together are the text", () => {
  for (const query of ["a", "州", "'", "ng"]) {
    assert.equal(highlight("Qīngzhōu 青州", query).map((piece) => piece.text).join(""), "Qīngzhōu 青州");
  }
});
