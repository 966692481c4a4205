import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { buildStyle, styleChanges } from "../../../web/static/js/style/build.js";
import { context } from "./context.js";

const QUESTION = { kinds: ["canteen"], distance: 500, weight: /** @type {const} */ ("population") };

/** @param {any} style @param {string} id @returns {any} */
const layerOf = (style, id) => style.layers.find((/** @type {any} */ layer) => layer.id === id);

test("ids are unique and every source is there", () => {
  const style = buildStyle(context());
  const ids = style.layers.map((layer) => layer.id);
  assert.equal(new Set(ids).size, ids.length);
  for (const layer of style.layers) if ("source" in layer) assert.ok(layer.source in style.sources, layer.id);
});

test("the style fetches nothing but its own tiles", () => {
  const text = JSON.stringify(buildStyle(context()));
  assert.deepEqual(text.match(/https?:\/\/[^/"]+/g)?.filter((url) => url !== "http://x"), []);
  assert.ok(!/glyphs|sprite/.test(text));
});

test("the same context gives no changes", () => {
  assert.deepEqual(styleChanges(buildStyle(context()), buildStyle(context())), { tiles: [], filters: [], layout: [], paint: [], whole: false });
});

test("another day changes the tiles' addresses alone", () => {
  const changes = styleChanges(buildStyle(context()), buildStyle(context({ asof: "2022-12-31" })));
  assert.equal(changes.tiles.length, 11);
  assert.deepEqual(changes.tiles.find(({ source }) => source === "stakes")?.tiles, ["http://x/tiles/stakes/{z}/{x}/{y}.mvt?v=3&asof=2022-12-31"]);
  assert.deepEqual([changes.filters, changes.layout, changes.paint, changes.whole], [[], [], [], false]);
});

test("a hidden class changes filters, a hidden layer its visibility", () => {
  const before = context();
  const classOff = styleChanges(buildStyle(before), buildStyle({ ...before, shown: { ...before.shown, "place-names": ["water"] } }));
  assert.deepEqual(new Set(classOff.filters.map(({ layer }) => layer)), new Set(["places", "place-names"]));
  const { stakes: _, ...rest } = before.shown;
  const layerOff = styleChanges(buildStyle(before), buildStyle({ ...before, shown: rest }));
  assert.deepEqual(layerOff.layout, [
    { layer: "stakes", name: "visibility", value: "none" },
    { layer: "stake-names", name: "visibility", value: "none" },
  ]);
});

test("with a result on the map its own facilities show, even where the legend hides them", () => {
  const shown = { "boundary-lines": null };
  const style = buildStyle(context({ shown, coverage: QUESTION }));
  assert.equal(layerOf(style, "facilities").layout.visibility, "visible");
  assert.deepEqual(layerOf(style, "facilities").filter, ["in", ["get", "kind"], ["literal", ["canteen"]]]);
  assert.equal(layerOf(style, "villages-covered").layout.visibility, "visible");
  assert.equal(layerOf(buildStyle(context({ shown })), "facilities").layout.visibility, "none");
});

test("covered and uncovered differ in more than colour", () => {
  const style = buildStyle(context({ coverage: QUESTION }));
  const [covered, uncovered] = [layerOf(style, "villages-covered").paint, layerOf(style, "villages-uncovered").paint];
  assert.notDeepEqual(covered["circle-radius"], uncovered["circle-radius"]);
  assert.ok("circle-stroke-color" in uncovered && !("circle-stroke-color" in covered));
});

test("with a base map on, the own land steps aside", () => {
  const basemap = { tiles: ["/basemap/{z}/{x}/{y}.png"], title: "x" };
  const on = buildStyle(context({ basemap, basemapOn: true }));
  assert.equal(layerOf(on, "land").layout.visibility, "none");
  assert.equal(layerOf(on, "basemap").layout.visibility, "visible");
  const off = buildStyle(context({ basemap }));
  assert.equal(layerOf(off, "basemap").layout.visibility, "none");
  assert.equal(styleChanges(off, on).whole, false);
  assert.deepEqual(on.sources.basemap, { type: "raster", tiles: ["http://x/basemap/{z}/{x}/{y}.png"], tileSize: 256, maxzoom: 18 });
});

test("a layer that the register does not have is left out", () => {
  const { catalogue } = context();
  const fewer = { ...catalogue, layers: catalogue.layers.filter((layer) => layer.key !== "place-lines") };
  assert.ok(!buildStyle(context({ catalogue: fewer })).layers.some((layer) => "source" in layer && layer.source === "place-lines"));
});

test("every colour of the palette is a variable of both themes, where it has one", async () => {
  const css = new URL("../../../web/static/css/", import.meta.url);
  const [light, dark] = await Promise.all([readFile(new URL("tokens.css", css), "utf8"), readFile(new URL("dark.css", css), "utf8")]);
  /** @type {Set<string>} */
  const asked = new Set();
  const palette = (/** @type {string} */ name) => {
    asked.add(name);
    return "#000";
  };
  buildStyle(context({ palette, coverage: QUESTION }));
  buildStyle(context({ palette }));
  assert.ok(asked.size > 30);
  for (const name of asked) {
    assert.match(light, new RegExp(`--${name}: #`), name);
    assert.match(dark, new RegExp(`--${name}: #`), name);
  }
});
