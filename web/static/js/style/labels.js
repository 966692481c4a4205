/**
 * Names of divisions: what a reader finds their way by. Pure: no DOM.
 *
 * @import { Part, StyleContext } from "./context.js"
 */
import { isShown } from "../logic/shown.js";
import { FONT, FONT_MEDIUM, byZoom, visible } from "./context.js";

const seat = (/** @type {string} */ level, /** @type {boolean} */ inside) => [
  "all",
  ["==", ["get", "geom"], "seat"],
  ["==", ["get", "level"], level],
  [inside ? "==" : "!=", ["get", "inside"], true],
];

/**
 * A division's name, and under it in Latin letters where these are wanted: the sign on the ground is in both.
 *
 * @param {StyleContext["romans"]} romans
 * @returns {any}
 */
function nameOf(romans) {
  if (!romans) return ["get", "name"];
  const roman = ["coalesce", ["get", ["to-string", ["get", "code"]], ["literal", romans]], ""];
  return ["format", ["get", "name"], {}, ["case", ["==", roman, ""], "", ["concat", "\n", roman]], { "font-scale": 0.76 }];
}

/** @param {StyleContext} context @returns {Part} */
export function divisionLabels({ palette, shown, coverage, romans }) {
  const tiles = { source: "divisions", "source-layer": "divisions" };
  const on = visible(isShown(shown, "divisions"));
  const halo = { "text-halo-color": palette("map-land"), "text-halo-width": 1.8, "text-halo-blur": 0.5 };
  const back = coverage ? 0.75 : 1;
  // Chinese names of counties are spaced; Latin ones would fall apart.
  const wide = romans ? 0.04 : 0.16;
  /** @type {any[]} */
  const layers = [
    {
      id: "neighbour-names",
      type: "symbol",
      ...tiles,
      filter: seat("county", false),
      layout: {
        ...on,
        "text-field": nameOf(romans),
        "text-font": FONT,
        "text-size": byZoom(7, 11, 10, 14),
        "text-letter-spacing": wide,
      },
      paint: { "text-color": palette("map-label-faint"), "text-halo-color": palette("map-neighbour"), "text-halo-width": 1.2 },
    },
    {
      id: "town-names",
      type: "symbol",
      ...tiles,
      minzoom: 9,
      filter: seat("town", true),
      layout: {
        ...on,
        "symbol-sort-key": ["coalesce", ["get", "rank"], 9],
        "text-field": nameOf(romans),
        "text-font": FONT,
        "text-size": byZoom(9, 11.5, 12, 14, 15, 16),
        "text-letter-spacing": 0.06,
        "text-padding": 6,
      },
      paint: { ...halo, "text-color": palette("map-label-2"), "text-opacity": byZoom(9, 0.8 * back, 10, back) },
    },
    {
      id: "county-names",
      type: "symbol",
      ...tiles,
      minzoom: 6.8,
      maxzoom: 14,
      filter: seat("county", true),
      layout: {
        ...on,
        "text-field": nameOf(romans),
        "text-font": FONT_MEDIUM,
        "text-size": byZoom(7, 12.5, 9, 15.5, 11, 19),
        "text-letter-spacing": wide,
        "text-padding": 1,
        // Where two seats are close, one name steps aside rather than being left out.
        "text-variable-anchor": ["center", "top", "bottom", "left", "right"],
        "text-radial-offset": 0.7,
      },
      paint: { ...halo, "text-color": palette("map-label"), "text-opacity": back },
    },
    {
      id: "city-name",
      type: "symbol",
      ...tiles,
      maxzoom: 6.8,
      filter: seat("city", true),
      layout: { ...on, "text-field": nameOf(romans), "text-font": FONT_MEDIUM, "text-size": 17, "text-letter-spacing": 0.2 },
      paint: { ...halo, "text-color": palette("map-label") },
    },
  ];
  return { sources: {}, layers };
}
