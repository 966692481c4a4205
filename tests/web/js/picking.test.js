import assert from "node:assert/strict";
import { test } from "node:test";
import { PICKABLE, hitsOf } from "../../../web/static/js/logic/picking.js";
import { buildStyle } from "../../../web/static/js/style/build.js";
import { context } from "./context.js";

const feature = (/** @type {string} */ id, /** @type {string} */ source, /** @type {string} */ uuid) => ({
  layer: { id },
  source,
  properties: { uuid, name: uuid },
});

test("small things come before wide ones, each once", () => {
  const hits = hitsOf([
    feature("lines-batch", "boundary-lines", "line"),
    feature("place-names", "place-names", "place"),
    feature("places", "place-names", "place"),
    feature("facilities", "facilities", "facility"),
    feature("land", "divisions", "county"),
  ]);
  assert.deepEqual(hits.map((hit) => [hit.layer, hit.uuid]), [["facilities", "facility"], ["place-names", "place"], ["boundary-lines", "line"]]);
});

test("villages of a result are divisions", () => {
  assert.equal(hitsOf([feature("villages-covered", "coverage-villages", "v")])[0]?.layer, "divisions");
});

test("every layer that can be picked is one of the style's", () => {
  const ids = buildStyle(context()).layers.map((layer) => layer.id);
  assert.deepEqual(PICKABLE.filter((id) => !ids.includes(id)), []);
});
