/**
 * Boundary lines, tripoints, stakes and boundary points. Pure: no DOM.
 *
 * @import { Part, StyleContext } from "./context.js"
 */
import { allOf, batchThatStandsOut, classFilter, isShown } from "../logic/shown.js";
import { FONT, FONT_MEDIUM, HOVERED, byZoom, visible } from "./context.js";

/** @param {StyleContext} context @returns {Part} */
export function lines({ palette, shown, catalogue, coverage }) {
  const tiles = { source: "boundary-lines", "source-layer": "boundary-lines" };
  const on = visible(isShown(shown, "boundary-lines"));
  const classes = classFilter(shown, "boundary-lines");
  const year = batchThatStandsOut(shown, catalogue.layers.find((layer) => layer.key === "boundary-lines"));
  const batch = ["==", ["get", "batch"], year];
  const round = { "line-join": "round", "line-cap": "round" };
  const back = coverage ? 0.55 : 1;
  /** @type {any[]} */
  const layers = [
    {
      id: "lines-touch",
      type: "line",
      ...tiles,
      ...(classes ? { filter: classes } : {}),
      layout: on,
      paint: { "line-color": palette("map-batch"), "line-width": 14, "line-opacity": ["case", HOVERED, 0.14, 0] },
    },
    {
      id: "lines-other",
      type: "line",
      ...tiles,
      filter: allOf(["!", batch], classes),
      layout: { ...on, "line-join": "round" },
      paint: {
        "line-color": palette("map-line"),
        "line-width": byZoom(7, 0.9, 9, 1.1, 13, 1.8),
        "line-dasharray": [5, 2, 1, 2],
        "line-opacity": back,
      },
    },
    {
      id: "lines-batch-halo",
      type: "line",
      ...tiles,
      filter: allOf(batch, classes),
      layout: { ...on, ...round },
      paint: { "line-color": palette("map-batch"), "line-width": byZoom(7, 7, 9, 9, 14, 13), "line-opacity": coverage ? 0.06 : 0.12 },
    },
    {
      id: "lines-batch",
      type: "line",
      ...tiles,
      filter: allOf(batch, classes),
      layout: { ...on, ...round },
      paint: { "line-color": palette("map-batch"), "line-width": byZoom(7, 1.6, 9, 2, 14, 3.2), "line-opacity": back },
    },
    {
      id: "boundary-points",
      type: "circle",
      source: "boundary-points",
      "source-layer": "boundary-points",
      minzoom: 11,
      layout: visible(isShown(shown, "boundary-points")),
      paint: { "circle-radius": byZoom(11, 1.4, 15, 3), "circle-color": palette("map-boundary-point"), "circle-opacity": back },
    },
    {
      id: "stakes",
      type: "circle",
      source: "stakes",
      "source-layer": "stakes",
      minzoom: 11,
      ...(classFilter(shown, "stakes") ? { filter: classFilter(shown, "stakes") } : {}),
      layout: visible(isShown(shown, "stakes")),
      paint: {
        "circle-radius": byZoom(11, 2.6, 15, 5),
        "circle-color": palette("map-ring"),
        "circle-stroke-color": palette("map-stake"),
        "circle-stroke-width": byZoom(11, 1.3, 15, 2),
      },
    },
    {
      id: "tripoints",
      type: "symbol",
      source: "tripoints",
      "source-layer": "tripoints",
      layout: {
        ...visible(isShown(shown, "tripoints")),
        "icon-image": "tripoint",
        "icon-size": byZoom(7, 0.6, 10, 0.85, 14, 1.2),
        "icon-allow-overlap": true,
        "icon-ignore-placement": true,
      },
      paint: { "icon-opacity": back },
    },
  ];
  return { sources: {}, layers };
}

/** The names on lines and stakes: above all points. @param {StyleContext} context @returns {Part} */
export function lineLabels({ palette, shown, catalogue }) {
  const classes = classFilter(shown, "boundary-lines");
  const year = batchThatStandsOut(shown, catalogue.layers.find((layer) => layer.key === "boundary-lines"));
  const halo = { "text-halo-color": palette("map-land"), "text-halo-width": 1.8, "text-halo-blur": 0.4 };
  /** @type {any[]} */
  const layers = [
    {
      id: "line-names",
      type: "symbol",
      source: "boundary-lines",
      "source-layer": "boundary-lines",
      minzoom: 9,
      ...(classes ? { filter: classes } : {}),
      layout: {
        ...visible(isShown(shown, "boundary-lines")),
        "symbol-placement": "line",
        "symbol-spacing": 300,
        "text-field": ["step", ["zoom"], ["coalesce", ["get", "short"], ["get", "name"]], 10.5, ["get", "name"]],
        "text-font": FONT_MEDIUM,
        "text-size": byZoom(9, 11.5, 13, 13.5),
        "text-letter-spacing": 0.12,
        // Boundaries turn sharply: a stricter angle would leave most of them without a name.
        "text-max-angle": 65,
        "text-offset": [0, -0.95],
        "text-padding": 4,
      },
      paint: {
        ...halo,
        "text-color": ["case", ["==", ["get", "batch"], year], palette("map-batch"), palette("map-label-3")],
      },
    },
    {
      id: "stake-names",
      type: "symbol",
      source: "stakes",
      "source-layer": "stakes",
      minzoom: 12.5,
      ...(classFilter(shown, "stakes") ? { filter: classFilter(shown, "stakes") } : {}),
      layout: {
        ...visible(isShown(shown, "stakes")),
        "text-field": ["get", "name"],
        "text-font": FONT,
        "text-size": 11,
        "text-offset": [0.7, 0],
        "text-anchor": "left",
        "text-optional": true,
      },
      paint: { ...halo, "text-color": palette("map-batch") },
    },
    {
      id: "tripoint-names",
      type: "symbol",
      source: "tripoints",
      "source-layer": "tripoints",
      minzoom: 10.5,
      layout: {
        ...visible(isShown(shown, "tripoints")),
        "text-field": ["get", "name"],
        "text-font": FONT_MEDIUM,
        "text-size": 12,
        "text-offset": [0.9, 0],
        "text-anchor": "left",
      },
      paint: { ...halo, "text-color": palette("map-batch") },
    },
  ];
  return { sources: {}, layers };
}
