import assert from "node:assert/strict";
import { test } from "node:test";
import { distance, lineLength, ringArea } from "../../../web/static/js/logic/geodesy.js";

/** @typedef {import("../../../web/static/js/logic/geodesy.js").Position} Position */

// Expected values: pyproj.Geod(a=6378137, rf=298.257222101).
test("distances agree with PROJ to a millimetre", () => {
  assert.ok(Math.abs(distance([119.1, 36.71], [118.23572, 36.414324]) - 84039.16560709) < 1e-3);
  assert.ok(Math.abs(distance([119, 36], [119, 37]) - 110968.30443823) < 1e-3);
  assert.ok(Math.abs(distance([0, 0], [90, 0]) - 10018754.17139462) < 1e-3);
  assert.ok(Math.abs(distance([-73.8, 40.6], [103.98, 1.36]) - 15351996.14266567) < 1e-2);
});

test("a distance is the same there and back, and none to itself", () => {
  assert.equal(distance([119, 36], [119, 36]), 0);
  assert.ok(Math.abs(distance([118, 36], [119, 37]) - distance([119, 37], [118, 36])) < 1e-6);
});

test("antipodes get an answer", () => {
  assert.ok(distance([0, 0], [180, 0.3]) > 1.9e7);
});

test("a line is as long as its parts", () => {
  /** @type {Position[]} */
  const line = [[119, 36], [119.5, 36.2], [119.7, 36.9]];
  assert.equal(lineLength(line), distance(/** @type {Position} */ (line[0]), /** @type {Position} */ (line[1])) + distance(/** @type {Position} */ (line[1]), /** @type {Position} */ (line[2])));
  assert.equal(lineLength([]), 0);
  assert.equal(lineLength([[119, 36]]), 0);
});

test("areas agree with PROJ to a part in 10^5", () => {
  /** @type {[Position[], number][]} */
  const cases = [
    [[[118.5, 36.5], [119.5, 36.5], [119.5, 37], [118.5, 37]], 4955042149.099],
    [[[119.1, 36.7], [119.11, 36.7], [119.105, 36.71]], 495819.055],
  ];
  for (const [ring, expected] of cases) {
    assert.ok(Math.abs(ringArea(ring) / expected - 1) < 1e-5, `${ringArea(ring)} for ${expected}`);
    assert.ok(Math.abs(ringArea([...ring].reverse()) - ringArea(ring)) < 1e-3);
    const first = /** @type {Position} */ (ring[0]);
    assert.ok(Math.abs(ringArea([...ring, first]) - ringArea(ring)) < 1e-3);
  }
  assert.equal(ringArea([[119, 36], [120, 36]]), 0);
});
