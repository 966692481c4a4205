/** The little pictures of the legend, in the shapes and colours that the map uses. */
import { s } from "./dom.js";
import { kindLook, placeColour } from "./logic/kinds.js";
import { pictogramPath } from "./style/badges.js";

/**
 * @param {string} layer
 * @param {string} [key] a class of the layer
 * @param {{ isBatch?: boolean }} [options] whether the lines stand out on the map
 */
export function swatch(layer, key = "", { isBatch = false } = {}) {
  return s("svg", { class: "swatch", viewBox: "0 0 22 22", "aria-hidden": "true" }, shapes(layer, key, isBatch));
}

/** @param {string} layer @param {string} key @param {boolean} isBatch @returns {SVGElement[]} */
function shapes(layer, key, isBatch) {
  const circle = (/** @type {string} */ looks, /** @type {number} */ r) => s("circle", { class: looks, cx: 11, cy: 11, r });
  const line = (/** @type {string} */ looks) => s("path", { class: looks, d: "M0 11h22" });
  switch (layer) {
    case "boundary-lines":
      return isBatch ? [line("stroke-batch-halo"), line("stroke-batch")] : [line("stroke-line")];
    case "tripoints":
      return [s("rect", { class: "fill-stake-square", x: 6.5, y: 6.5, width: 9, height: 9 })];
    case "stakes":
      return [circle("fill-stake-ring", 3.6)];
    case "boundary-points":
      return [circle("fill-boundary-point", 2.4)];
    case "place-signs":
      return [s("path", { class: "stroke-sign", d: "M11 18V6" }), s("rect", { class: "fill-sign", x: 5.5, y: 4.5, width: 11, height: 6, rx: 1 })];
    case "stories":
      return [circle("fill-story", 5), s("path", { class: "stroke-story", d: "M8.5 9.4h5M8.5 11.6h5M8.5 13.8h3" })];
    case "divisions":
      return [s("path", { class: "stroke-division", d: "M4 7l7-3 7 4-1 8-7 3-6-4z" })];
    case "place-lines":
      return [s("path", { class: "stroke-water", d: "M2 14c4-6 6 2 10-2s4-5 8-4" })];
    case "place-areas":
      return [s("path", { class: "fill-area", d: "M4 12c0-4 5-5 8-4s6 2 6 5-4 4-7 4-7-1-7-5z" })];
    case "basemap":
      return [s("rect", { class: "stroke-basemap", x: 4, y: 4, width: 14, height: 14, rx: 2 })];
    case "covered":
      return [circle("fill-covered", 4.4)];
    case "uncovered":
      return [circle("fill-uncovered", 3.6)];
    case "facilities": {
      const look = kindLook(key);
      const picture = s("path", { class: "pictogram", d: pictogramPath(look.pictogram), transform: "translate(5.6 5.6) scale(.45)" });
      return [circle(`badge-disc fill-${look.colour}`, 9), picture];
    }
    default:
      return [circle(`fill-${placeColour(key)}`, 4.2)];
  }
}
