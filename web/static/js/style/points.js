/**
 * Place names and facilities. Pure: no DOM.
 *
 * @import { Part, StyleContext } from "./context.js"
 */
import { KIND_KEYS, PLACE_KEYS, kindLook, placeColour } from "../logic/kinds.js";
import { allOf, classFilter, isShown } from "../logic/shown.js";
import { FONT, FONT_ITALIC, byValue, byZoom, visible } from "./context.js";

/** From here on a facility is a badge with its pictogram. */
export const BADGE_ZOOM = 13;

/** @param {StyleContext} context @returns {Part} */
export function places({ palette, shown, coverage }) {
  /** @type {any[]} */
  const layers = [
    {
      id: "places",
      type: "circle",
      source: "place-names",
      "source-layer": "place-names",
      ...placeFilter(shown),
      layout: { ...visible(isShown(shown, "place-names")), "circle-sort-key": ["-", 9, ["coalesce", ["get", "rank"], 9]] },
      paint: {
        "circle-radius": byZoom(7, 0.7, 10, 1.2, 12, 1.9, 15, 3),
        "circle-color": placeColours(palette),
        "circle-opacity": coverage ? 0.18 : byZoom(7, 0.34, 11, 0.5, 13, 0.8),
      },
    },
  ];
  return { sources: {}, layers };
}

/** @param {StyleContext} context @returns {Part} */
export function facilities({ palette, shown, coverage }) {
  const tiles = { source: "facilities", "source-layer": "facilities" };
  // With a result on the map its own facilities show whatever the legend says, and no other.
  const filter = coverage ? ["in", ["get", "kind"], ["literal", coverage.kinds]] : classFilter(shown, "facilities");
  const given = filter ? { filter } : {};
  const on = visible(coverage !== null || isShown(shown, "facilities"));
  const many = KIND_KEYS.filter((key) => kindLook(key).many);
  const size = (/** @type {number} */ few, /** @type {number} */ lots) => ["case", ["in", ["get", "kind"], ["literal", many]], lots, few];
  const colours = byValue("kind", KIND_KEYS.map((key) => [key, palette(kindLook(key).colour)]), palette("kind-burial"));
  /** @type {any[]} */
  const layers = [
    {
      id: "facilities",
      type: "circle",
      ...tiles,
      maxzoom: BADGE_ZOOM,
      ...given,
      layout: { ...on, "circle-sort-key": size(1, 0) },
      paint: {
        "circle-radius": byZoom(7, size(2.1, 1.2), 9, size(3.2, 1.9), 12.9, size(6.4, 4.6)),
        "circle-color": colours,
        "circle-stroke-color": palette("map-ring"),
        "circle-stroke-width": byZoom(7, 0.7, 9, 1.2),
      },
    },
    {
      id: "facility-badges",
      type: "symbol",
      ...tiles,
      minzoom: BADGE_ZOOM,
      ...given,
      layout: {
        ...on,
        "icon-image": ["coalesce", ["image", ["concat", "kind-", ["get", "kind"]]], ["image", "kind-other"]],
        "icon-size": byZoom(13, 0.8, 16, 1.1),
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
        "symbol-sort-key": size(1, 0),
      },
    },
  ];
  return { sources: {}, layers };
}

/** Names of facilities and places: places give way. @param {StyleContext} context @returns {Part} */
export function pointLabels({ palette, shown, coverage }) {
  const halo = { "text-halo-color": palette("map-land"), "text-halo-width": 1.5, "text-halo-blur": 0.3 };
  const filter = coverage ? ["in", ["get", "kind"], ["literal", coverage.kinds]] : classFilter(shown, "facilities");
  const rank = ["coalesce", ["get", "rank"], 9];
  const waterLines = ["in", ["get", "major"], ["literal", ["water", "hydraulic"]]];
  /** @type {any[]} */
  const layers = [
    {
      id: "place-line-names",
      type: "symbol",
      source: "place-lines",
      "source-layer": "place-lines",
      minzoom: 10,
      ...(classFilter(shown, "place-lines") ? { filter: classFilter(shown, "place-lines") } : {}),
      layout: {
        ...visible(isShown(shown, "place-lines")),
        "symbol-placement": "line",
        "symbol-spacing": 380,
        "symbol-sort-key": rank,
        "text-field": ["get", "name"],
        "text-font": FONT_ITALIC,
        "text-size": byZoom(10, 10.5, 14, 12.5),
        "text-letter-spacing": 0.1,
        "text-max-angle": 35,
      },
      paint: {
        ...halo,
        "text-color": ["case", waterLines, palette("map-label-water"), palette("map-label-road")],
        "text-opacity": coverage ? 0.4 : 0.95,
      },
    },
    {
      id: "place-names",
      type: "symbol",
      source: "place-names",
      "source-layer": "place-names",
      minzoom: 9.6,
      // Ranks come in one by one. The filter is evaluated for each whole zoom of the tiles.
      filter: allOf(
        ["<=", rank, ["step", ["zoom"], 2, 10, 4, 11, 6, 12, 8, 13, 9]],
        ["!=", ["get", "major"], "division"],
        classFilter(shown, "place-names"),
      ),
      layout: {
        ...visible(isShown(shown, "place-names")),
        "symbol-sort-key": rank,
        "text-field": ["get", "name"],
        "text-font": ["match", ["get", "major"], ["water"], ["literal", FONT_ITALIC], ["literal", FONT]],
        "text-size": byZoom(10, ["case", ["<=", rank, 3], 12, 10.5], 14, ["case", ["<=", rank, 3], 14.5, 12.5]),
        "text-variable-anchor": ["top", "bottom", "left", "right"],
        "text-radial-offset": 0.45,
        "text-padding": 5,
        "text-max-width": 9,
      },
      paint: {
        ...halo,
        "text-color": byValue(
          "major",
          [
            ["water", palette("map-label-water")],
            ["hydraulic", palette("map-label-water")],
            ["terrain", palette("map-label-terrain")],
            ["transport", palette("map-label-road")],
            ["committee", palette("map-label-2")],
          ],
          palette("map-label-3"),
        ),
        "text-opacity": coverage ? 0.35 : 1,
      },
    },
    {
      id: "facility-names",
      type: "symbol",
      source: "facilities",
      "source-layer": "facilities",
      minzoom: 13.5,
      ...(filter ? { filter } : {}),
      layout: {
        ...visible(coverage !== null || isShown(shown, "facilities")),
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 12,
        "text-variable-anchor": ["top", "bottom"],
        "text-radial-offset": 1.15,
        "text-max-width": 8,
        "text-optional": true,
      },
      paint: { ...halo, "text-color": palette("map-label-2") },
    },
  ];
  return { sources: {}, layers };
}

/** @param {StyleContext["shown"]} shown @returns {{ filter?: any }} */
function placeFilter(shown) {
  return { filter: allOf(["!=", ["get", "major"], "division"], classFilter(shown, "place-names")) };
}

/** @param {StyleContext["palette"]} palette */
function placeColours(palette) {
  return byValue("major", PLACE_KEYS.map((key) => [key, palette(placeColour(key))]), palette("place-building"));
}
