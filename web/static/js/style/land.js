/**
 * The ground: outside, neighbours, the city's land with its glow, waters and roads. Pure: no DOM.
 *
 * @import { Part, StyleContext } from "./context.js"
 */
import { allOf, classFilter, isShown } from "../logic/shown.js";
import { byZoom, visible } from "./context.js";

const INSIDE = ["all", ["==", ["get", "geom"], "area"], ["==", ["get", "inside"], true]];
const OUTSIDE = ["all", ["==", ["get", "geom"], "area"], ["!=", ["get", "inside"], true]];

/** @param {StyleContext} context @returns {Part} */
export function land({ palette, basemap, basemapOn, shown, coverage, origin }) {
  const tiles = { source: "divisions", "source-layer": "divisions" };
  const own = visible(!basemapOn);
  const faint = coverage ? 0.45 : 1;
  /** @type {any[]} */
  const layers = [
    { id: "background", type: "background", paint: { "background-color": palette("map-outside") } },
    ...basemapLayers(basemap, basemapOn),
    { id: "neighbours", type: "fill", ...tiles, filter: OUTSIDE, layout: own, paint: { "fill-color": palette("map-neighbour") } },
    {
      id: "neighbour-lines",
      type: "line",
      ...tiles,
      filter: OUTSIDE,
      layout: { ...own, "line-join": "round" },
      paint: { "line-color": palette("map-neighbour-line"), "line-width": 0.8 },
    },
    ...[
      [34, 22, 0.07],
      [19, 12, 0.1],
      [8, 5, 0.16],
    ].map(([width, blur, opacity], i) => ({
      id: `glow-${i}`,
      type: "line",
      ...tiles,
      filter: INSIDE,
      layout: { ...own, "line-join": "round" },
      paint: { "line-color": palette("map-glow"), "line-width": width, "line-blur": blur, "line-opacity": opacity },
    })),
    { id: "land", type: "fill", ...tiles, filter: INSIDE, layout: own, paint: { "fill-color": palette("map-land"), "fill-antialias": false } },
    {
      id: "coast",
      type: "line",
      ...tiles,
      filter: INSIDE,
      layout: { ...own, "line-join": "round" },
      paint: { "line-color": palette("map-coast"), "line-width": 0.7, "line-opacity": 0.7 },
    },
    {
      id: "areas",
      type: "fill",
      source: "place-areas",
      "source-layer": "place-areas",
      ...filtered(classFilter(shown, "place-areas")),
      layout: visible(isShown(shown, "place-areas")),
      paint: {
        "fill-color": ["match", ["get", "major"], ["water", "hydraulic"], palette("map-water"), palette("map-area")],
        "fill-opacity": 0.8 * faint,
      },
    },
    ...placeLines(palette, shown, faint),
  ];
  return { sources: basemapSources(basemap, origin), layers };
}

/**
 * @param {StyleContext["palette"]} palette
 * @param {StyleContext["shown"]} shown
 * @param {number} faint
 */
function placeLines(palette, shown, faint) {
  const lines = { source: "place-lines", "source-layer": "place-lines" };
  const classes = classFilter(shown, "place-lines");
  const water = ["in", ["get", "major"], ["literal", ["water", "hydraulic"]]];
  const layout = { ...visible(isShown(shown, "place-lines")), "line-join": "round", "line-cap": "round" };
  return [
    {
      id: "roads",
      type: "line",
      ...lines,
      minzoom: 8,
      filter: allOf(["!", water], classes),
      layout,
      paint: {
        "line-color": palette("map-road"),
        "line-width": byZoom(8, ["case", ["<=", rank(), 3], 0.8, 0.3], 12, ["case", ["<=", rank(), 3], 2.4, 1.2], 15, ["case", ["<=", rank(), 3], 5, 3.2]),
        "line-opacity": faint,
      },
    },
    {
      id: "waters",
      type: "line",
      ...lines,
      filter: allOf(water, classes),
      layout,
      paint: {
        "line-color": palette("map-water-line"),
        "line-width": byZoom(7, ["case", ["<=", rank(), 3], 0.9, 0.3], 11, ["case", ["<=", rank(), 3], 2, 0.9], 15, ["case", ["<=", rank(), 3], 4.5, 2]),
        "line-opacity": byZoom(7, 0.7 * faint, 11, faint),
      },
    },
  ];
}

/** @returns {any} */
const rank = () => ["coalesce", ["get", "rank"], 9];

/** @param {any[] | null} filter */
const filtered = (filter) => (filter ? { filter } : {});

/** @param {StyleContext["basemap"]} basemap @param {boolean} on */
function basemapLayers(basemap, on) {
  if (!basemap) return [];
  const paint = { "raster-saturation": -0.35, "raster-opacity": 0.9, "raster-fade-duration": 150 };
  return [{ id: "basemap", type: "raster", source: "basemap", layout: visible(on), paint }];
}

/** @param {StyleContext["basemap"]} basemap @param {string} origin @returns {Part["sources"]} */
function basemapSources(basemap, origin) {
  if (!basemap) return {};
  const tiles = basemap.tiles.map((tile) => (tile.startsWith("/") ? origin + tile : tile));
  return { basemap: { type: "raster", tiles, tileSize: 256, maxzoom: 18 } };
}
