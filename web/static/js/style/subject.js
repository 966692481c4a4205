/**
 * What was asked for: a coverage result, the selected feature, a measurement. Pure: no DOM.
 *
 * Their sources hold GeoJSON that behaviours set themselves (`setData`); the style only draws it.
 *
 * @import { Part, StyleContext } from "./context.js"
 */
import { FONT_MEDIUM, NOTHING, byZoom, visible } from "./context.js";

/** @param {StyleContext} context @returns {Part} below the lines: the catchments */
export function catchments({ palette, coverage }) {
  const on = visible(coverage !== null);
  const source = "coverage-outline";
  /** @type {any[]} */
  const layers = [
    { id: "catchments", type: "fill", source, layout: on, paint: { "fill-color": palette("map-catchment"), "fill-opacity": 0.11 } },
    {
      id: "catchment-edges",
      type: "line",
      source,
      layout: { ...on, "line-join": "round" },
      paint: { "line-color": palette("map-catchment"), "line-width": byZoom(7, 0.5, 11, 1.1), "line-opacity": 0.6 },
    },
  ];
  return { sources: { [source]: { type: "geojson", data: NOTHING, tolerance: 0.3 } }, layers };
}

/** @param {StyleContext} context @returns {Part} villages: filled where covered, open and smaller where not */
export function coveredVillages({ palette, coverage }) {
  const on = visible(coverage !== null);
  const source = "coverage-villages";
  /** @type {any[]} */
  const layers = [
    {
      id: "villages-uncovered",
      type: "circle",
      source,
      filter: ["==", ["get", "covered"], 0],
      layout: on,
      paint: {
        "circle-radius": byZoom(7, 0.7, 9, 1.5, 12, 3.6),
        "circle-color": palette("map-land"),
        "circle-stroke-color": palette("map-uncovered"),
        "circle-stroke-width": byZoom(7, 0.6, 9, 0.9, 12, 1.6),
        "circle-stroke-opacity": byZoom(7, 0.65, 10, 1),
      },
    },
    {
      id: "villages-covered",
      type: "circle",
      source,
      filter: ["==", ["get", "covered"], 1],
      layout: on,
      paint: { "circle-radius": byZoom(7, 1.7, 9, 2.6, 12, 4.6), "circle-color": palette("map-covered") },
    },
  ];
  return { sources: { [source]: { type: "geojson", data: NOTHING } }, layers };
}

/** @param {StyleContext} context @returns {Part} */
export function selection({ palette }) {
  const source = "selected";
  const colour = palette("map-selected");
  const points = ["==", ["geometry-type"], "Point"];
  /** @type {any[]} */
  const layers = [
    {
      id: "selected-area",
      type: "fill",
      source,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour, "fill-opacity": 0.08 },
    },
    {
      id: "selected-line-halo",
      type: "line",
      source,
      filter: ["!", points],
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": colour, "line-width": byZoom(7, 8, 12, 12), "line-opacity": 0.22 },
    },
    {
      id: "selected-line",
      type: "line",
      source,
      filter: ["!", points],
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": colour, "line-width": byZoom(7, 2, 12, 3) },
    },
    {
      id: "selected-point",
      type: "circle",
      source,
      filter: points,
      paint: {
        "circle-radius": byZoom(7, 8, 13, 15),
        "circle-color": colour,
        "circle-opacity": 0.12,
        "circle-stroke-color": colour,
        "circle-stroke-width": 2.4,
      },
    },
    {
      id: "hovered-point",
      type: "circle",
      source: "hovered",
      paint: {
        "circle-radius": byZoom(7, 6, 13, 13),
        "circle-color": colour,
        "circle-opacity": 0,
        "circle-stroke-color": colour,
        "circle-stroke-opacity": 0.65,
        "circle-stroke-width": 1.5,
      },
    },
  ];
  return {
    sources: { [source]: { type: "geojson", data: NOTHING }, hovered: { type: "geojson", data: NOTHING } },
    layers,
  };
}

/** @param {StyleContext} context @returns {Part} */
export function measurement({ palette }) {
  const source = "measured";
  const colour = palette("map-measure");
  /** @type {any[]} */
  const layers = [
    {
      id: "measured-area",
      type: "fill",
      source,
      filter: ["==", ["geometry-type"], "Polygon"],
      paint: { "fill-color": colour, "fill-opacity": 0.08 },
    },
    {
      id: "measured-line",
      type: "line",
      source,
      filter: ["==", ["geometry-type"], "LineString"],
      layout: { "line-join": "round", "line-cap": "round" },
      paint: { "line-color": colour, "line-width": 2, "line-dasharray": [2, 1.6] },
    },
    {
      id: "measured-points",
      type: "circle",
      source,
      filter: ["==", ["geometry-type"], "Point"],
      paint: {
        "circle-radius": 4,
        "circle-color": palette("map-land"),
        "circle-stroke-color": colour,
        "circle-stroke-width": 2,
      },
    },
    {
      id: "measured-labels",
      type: "symbol",
      source,
      filter: ["has", "label"],
      layout: {
        "text-field": ["get", "label"],
        "text-font": FONT_MEDIUM,
        "text-size": 12,
        "text-offset": [0, -1.1],
        "text-allow-overlap": true,
      },
      paint: { "text-color": colour, "text-halo-color": palette("map-land"), "text-halo-width": 2 },
    },
  ];
  return { sources: { [source]: { type: "geojson", data: NOTHING } }, layers };
}
