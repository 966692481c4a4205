/**
 * Place names and facilities. Pure: no DOM.
 *
 * @import { Part, StyleContext } from "./context.js"
 */
import { KIND_KEYS, PLACE_KEYS, kindLook, placeColour } from "../logic/kinds.js";
import { allOf, classFilter, isShown } from "../logic/shown.js";
import { FONT, FONT_ITALIC, byValue, byZoom, visible } from "./context.js";

const MANY = KIND_KEYS.filter((key) => kindLook(key).many);

/** One value for kinds of which there are few, another for those of which there are thousands. @param {number} few @param {number} many */
const few = (few, many) => ["case", ["in", ["get", "kind"], ["literal", MANY]], many, few];

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
        "circle-radius": byZoom(7, 0.7, 10, minor(0.8, 1.2), 12, minor(1.2, 1.9), 15, minor(2.6, 3.2)),
        "circle-color": placeColours(palette),
        "circle-opacity": coverage ? 0.18 : byZoom(7, 0.3, 11, 0.42, 13, 0.8),
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
  const colours = byValue("kind", KIND_KEYS.map((key) => [key, palette(kindLook(key).colour)]), palette("kind-burial"));
  /** @type {any[]} */
  const layers = [
    {
      id: "facilities",
      type: "circle",
      ...tiles,
      maxzoom: BADGE_ZOOM,
      ...given,
      layout: { ...on, "circle-sort-key": few(1, 0) },
      paint: {
        "circle-radius": byZoom(7, few(1.8, 1.1), 9, few(3, 1.8), 12.9, few(6.4, 4.6)),
        "circle-color": colours,
        "circle-stroke-color": palette("map-ring"),
        "circle-stroke-width": byZoom(7, 0.6, 9, 1.2),
        // Over a whole city the result is the villages: its facilities come in where they can be told apart.
        "circle-opacity": coverage ? byZoom(8.6, 0, 9.4, 1) : 1,
        "circle-stroke-opacity": coverage ? byZoom(8.6, 0, 9.4, 1) : 1,
      },
    },
  ];
  return { sources: {}, layers };
}

/** Facilities from near by: placed before any name, so that no name covers them. @param {StyleContext} context @returns {Part} */
export function badges({ shown, coverage }) {
  const filter = coverage ? ["in", ["get", "kind"], ["literal", coverage.kinds]] : classFilter(shown, "facilities");
  /** @type {any[]} */
  const layers = [
    {
      id: "facility-badges",
      type: "symbol",
      source: "facilities",
      "source-layer": "facilities",
      minzoom: BADGE_ZOOM,
      ...(filter ? { filter } : {}),
      layout: {
        ...visible(coverage !== null || isShown(shown, "facilities")),
        "icon-image": ["coalesce", ["image", ["concat", "kind-", ["get", "kind"]]], ["image", "kind-other"]],
        "icon-size": byZoom(13, 0.8, 16, 1.1),
        "icon-allow-overlap": true,
        "icon-padding": 0,
        "symbol-sort-key": few(1, 0),
      },
    },
  ];
  return { sources: {}, layers };
}

/** Signs and stories: quiet, a ring and a dot; what a story is called from near by. @param {StyleContext} context @returns {Part} */
export function signsAndStories({ palette, shown, coverage }) {
  const faint = coverage ? 0.3 : 1;
  /** @type {any[]} */
  const layers = [
    {
      id: "place-signs",
      type: "circle",
      source: "place-signs",
      "source-layer": "place-signs",
      layout: visible(isShown(shown, "place-signs")),
      paint: {
        "circle-radius": byZoom(10, 1.6, 15, 3.6),
        "circle-color": ["match", ["get", "state"], "intact", palette("map-sign"), palette("map-sign-bad")],
        "circle-stroke-color": palette("map-ring"),
        "circle-stroke-width": 1,
        "circle-opacity": faint,
        "circle-stroke-opacity": faint,
      },
    },
    {
      id: "stories",
      type: "circle",
      source: "stories",
      "source-layer": "stories",
      layout: visible(isShown(shown, "stories")),
      paint: {
        "circle-radius": byZoom(7, 3, 12, 5),
        "circle-color": palette("map-ring"),
        "circle-stroke-color": palette("map-story"),
        "circle-stroke-width": byZoom(7, 1.4, 12, 2.2),
        "circle-opacity": faint,
        "circle-stroke-opacity": faint,
      },
    },
    {
      id: "story-names",
      type: "symbol",
      source: "stories",
      "source-layer": "stories",
      minzoom: 11.5,
      layout: {
        ...visible(isShown(shown, "stories")),
        "text-field": ["get", "name"],
        "text-font": FONT_ITALIC,
        "text-size": 11.5,
        "text-anchor": "top",
        "text-offset": [0, 0.8],
        "text-max-width": 9,
        "text-optional": true,
      },
      paint: { "text-color": palette("map-story"), "text-halo-color": palette("map-land"), "text-halo-width": 1.5, "text-opacity": faint },
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
        ["<=", rank, ["step", ["zoom"], 3, 10, 4, 11, 6, 12, 8, 13, 9]],
        ["!=", ["get", "major"], "division"],
        // A natural village and its committee have one name: it stands once until the committee's is written in full.
        ["any", ["!=", ["get", "major"], "settlement"], ["!=", rank, 7], ["step", ["zoom"], false, 13, true]],
        classFilter(shown, "place-names"),
      ),
      layout: {
        ...visible(isShown(shown, "place-names")),
        "symbol-sort-key": rank,
        "text-field": ["step", ["zoom"], shortName(), 13, ["get", "name"]],
        "text-font": ["match", ["get", "major"], ["water"], ["literal", FONT_ITALIC], ["literal", FONT]],
        "text-size": byZoom(10, ["case", ["<=", rank, 3], 12, 11], 14, ["case", ["<=", rank, 3], 14.5, 12.5]),
        "text-variable-anchor": ["top", "bottom", "left", "right"],
        "text-radial-offset": 0.45,
        "text-padding": byZoom(10, 12, 12, 7, 14, 3),
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

/** One value for places of the last rank, another for the rest. @param {number} last @param {number} rest */
const minor = (last, rest) => ["case", [">=", ["coalesce", ["get", "rank"], 9], 8], last, rest];

/**
 * A committee's name as a map says it while there is little room: without 村民委员会, 村委会, 居委会 and the like. From
 * near by, where the village of the same name stands beside it, the name is whole.
 *
 * @returns {any}
 */
function shortName() {
  const name = ["get", "name"];
  const length = ["length", name];
  const endsWith = (/** @type {string} */ ending) => ["==", ["slice", name, ["-", length, ending.length]], ending];
  const without = (/** @type {string} */ ending) => ["slice", name, 0, ["-", length, ending.length]];
  const endings = ["村民委员会", "居民委员会", "村委会", "居委会"];
  // 张村村委会 is 张村; 张家庄村委会 is 张家庄.
  return ["case", ["!=", ["get", "major"], "committee"], name, ...endings.flatMap((ending) => [["all", [">", length, ending.length + 1], endsWith(ending)], without(ending)]), name];
}

/** @param {StyleContext["shown"]} shown @returns {{ filter?: any }} */
function placeFilter(shown) {
  return { filter: allOf(["!=", ["get", "major"], "division"], classFilter(shown, "place-names")) };
}

/** @param {StyleContext["palette"]} palette */
function placeColours(palette) {
  return byValue("major", PLACE_KEYS.map((key) => [key, palette(placeColour(key))]), palette("place-building"));
}
