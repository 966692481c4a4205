/**
 * The choice of what to add: a layer, and for a place how it lies on the ground.
 *
 * @import { LayerInfo } from "../api.js"
 */
import { h, icon } from "../dom.js";
import { text, title } from "../page-data.js";
import { swatch } from "../swatch.js";

const SHAPES = /** @type {const} */ ([
  ["Point", "target", "Point"],
  ["MultiLineString", "line", "Line"],
  ["MultiPolygon", "area", "Area"],
]);

/**
 * @param {LayerInfo[]} layers
 * @param {(layer: LayerInfo, shape: string) => void} onChoose
 */
export function choosers(layers, onChoose) {
  const words = /** @type {Record<string, string>} */ ({ Point: text("as a point"), Line: text("as a line"), Area: text("as an area") });
  const item = (/** @type {LayerInfo} */ layer) => {
    const plain = h("button", { type: "button", class: "add-layer", "data-layer": layer.key, onclick: () => onChoose(layer, layer.geometry) }, swatch(layer.key, "", { isBatch: true }), h("span", {}, title(layer.title)));
    if (layer.key !== "place-names") return h("li", {}, plain);
    const chips = SHAPES.slice(1).map(([shape, name, word]) => h("button", { type: "button", class: "chip", "data-shape": shape, onclick: () => onChoose(layer, shape) }, icon(name), words[word] ?? word));
    return h("li", {}, plain, h("div", { class: "chips" }, chips));
  };
  // extents belong to a place and are drawn with it
  const offered = layers.filter(({ key }) => key !== "place-lines" && key !== "place-areas" && key !== "division-areas");
  return h("div", { class: "card-body scrolls" }, h("p", { class: "quiet small" }, text("What is it? Then draw it on the map.")), h("ul", { class: "add-layers" }, offered.map(item)));
}
