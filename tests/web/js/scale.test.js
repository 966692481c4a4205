import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleBar } from "../../../web/static/js/logic/scale.js";

test("the longest round length that fits", () => {
  assert.deepEqual(scaleBar(3400, 100), { metres: 2000, pixels: 59 });
  assert.deepEqual(scaleBar(5000, 100), { metres: 5000, pixels: 100 });
  assert.deepEqual(scaleBar(999, 100), { metres: 500, pixels: 50 });
});

test("it never exceeds its room and is never shorter than two fifths of it", () => {
  for (let metres = 0.4; metres < 1e7; metres *= 1.37) {
    const { pixels } = scaleBar(metres, 100);
    assert.ok(pixels <= 100 && pixels >= 39, `${metres}: ${pixels}`);
  }
});
