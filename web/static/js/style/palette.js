/**
 * The map's colours, read from the page's CSS variables, so that both have one source and change theme together.
 */
import { KIND_KEYS, PLACE_KEYS, kindLook, placeColour } from "../logic/kinds.js";

const MAP_COLOURS = [
  "outside",
  "neighbour",
  "neighbour-line",
  "land",
  "glow",
  "coast",
  "water",
  "water-line",
  "road",
  "area",
  "batch",
  "line",
  "stake",
  "boundary-point",
  "sign",
  "sign-bad",
  "story",
  "label",
  "label-2",
  "label-3",
  "label-faint",
  "label-water",
  "label-terrain",
  "label-road",
  "covered",
  "uncovered",
  "catchment",
  "selected",
  "measure",
  "ring",
];

const NAMES = [
  ...MAP_COLOURS.map((name) => `map-${name}`),
  ...new Set(KIND_KEYS.map((key) => kindLook(key).colour)),
  ...PLACE_KEYS.map(placeColour),
];

/** @typedef {(name: string) => string} Palette the colour of a CSS variable, named without its dashes */

/**
 * @param {Element} element whose variables count
 * @returns {Palette}
 */
export function readPalette(element) {
  const style = getComputedStyle(element);
  const colours = new Map(NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  return (name) => {
    const colour = colours.get(name);
    if (!colour) throw new Error(`tokens.css has no --${name}.`);
    return colour;
  };
}
