/**
 * The images that the style refers to: a badge for each kind of facility, and the square of a tripoint. Drawn on a canvas
 * from the pictograms of templates/icons.html in the palette's colours.
 *
 * @import { Map as MapLibre } from "maplibre-gl"
 * @import { Palette } from "./palette.js"
 */
import { KIND_KEYS, kindLook } from "../logic/kinds.js";

const RATIO = 2;
const SIZE = 26;

/**
 * Adds the images, or draws them anew where the map has them already.
 *
 * @param {MapLibre} map
 * @param {Palette} palette
 */
export function drawBadges(map, palette) {
  for (const key of [...KIND_KEYS, "other"]) {
    const look = kindLook(key);
    put(map, `kind-${key}`, badge(palette(look.colour), palette("map-ring"), pictogramPath(look.pictogram)));
  }
  put(map, "tripoint", square(palette("map-stake"), palette("map-ring")));
}

/** @param {string} name @returns {string} the path of a pictogram on a grid of 24 */
export function pictogramPath(name) {
  return document.querySelector(`#pictogram-${name} path`)?.getAttribute("d") ?? "";
}

/**
 * @param {MapLibre} map
 * @param {string} id
 * @param {ImageData} image
 */
function put(map, id, image) {
  if (map.hasImage(id)) map.updateImage(id, image);
  else map.addImage(id, image, { pixelRatio: RATIO });
}

/** @param {number} size */
function canvas(size) {
  const element = document.createElement("canvas");
  element.width = element.height = size * RATIO;
  const context = element.getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser draws no canvas.");
  context.scale(RATIO, RATIO);
  return context;
}

/**
 * @param {string} colour
 * @param {string} ring
 * @param {string} path
 */
function badge(colour, ring, path) {
  const context = canvas(SIZE);
  const middle = SIZE / 2;
  context.beginPath();
  context.arc(middle, middle, middle - 0.5, 0, 2 * Math.PI);
  context.fillStyle = ring;
  context.fill();
  context.beginPath();
  context.arc(middle, middle, middle - 2, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  const scale = 13.5 / 24;
  context.translate(middle - 12 * scale, middle - 12 * scale);
  context.scale(scale, scale);
  context.fillStyle = "#ffffff";
  context.fill(new Path2D(path));
  return context.getImageData(0, 0, SIZE * RATIO, SIZE * RATIO);
}

/** @param {string} colour @param {string} ring */
function square(colour, ring) {
  const size = 12;
  const context = canvas(size);
  context.fillStyle = ring;
  context.fillRect(0.5, 0.5, size - 1, size - 1);
  context.fillStyle = colour;
  context.fillRect(2, 2, size - 4, size - 4);
  return context.getImageData(0, 0, size * RATIO, size * RATIO);
}
