/**
 * What a style is built from, and the few expressions that its parts share. Pure: no DOM.
 *
 * @import { LayerSpecification, SourceSpecification } from "maplibre-gl"
 * @import { Basemap, Catalogue, CoverageQuestion, Shown } from "../api.js"
 * @import { Palette } from "./palette.js"
 */

/**
 * @typedef {object} StyleContext
 * @property {Palette} palette
 * @property {Pick<Catalogue, "seq" | "layers">} catalogue
 * @property {Shown} shown
 * @property {string | null} asof
 * @property {Basemap | null} basemap null where the office has set up none
 * @property {boolean} basemapOn
 * @property {CoverageQuestion | null} coverage a result that is on the map: all else steps back
 * @property {string} origin of the tiles' addresses
 * @property {Record<string, string> | null} romans names of divisions in Latin letters by code, where the reader wants them
 */

/** @typedef {{ sources: Record<string, SourceSpecification>, layers: LayerSpecification[] }} Part */

/** Drawn by the browser from the system's fonts; the first, absent family tells MapLibre the weight or the slant. */
const FAMILIES = ["Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif"];
export const FONT = FAMILIES;
export const FONT_MEDIUM = ["Map Medium", ...FAMILIES];
export const FONT_ITALIC = ["Map Italic", ...FAMILIES];

/**
 * A value that changes evenly with the zoom.
 *
 * @param {...(number | any[])} stops zoom, value, zoom, value …
 * @returns {any}
 */
export const byZoom = (...stops) => ["interpolate", ["linear"], ["zoom"], ...stops];

/** @param {boolean} on @returns {{ visibility: "visible" | "none" }} */
export const visible = (on) => ({ visibility: on ? "visible" : "none" });

/**
 * A value by a property's value.
 *
 * @param {string} property
 * @param {readonly (readonly [string, any])[]} cases
 * @param {any} otherwise
 * @returns {any}
 */
export function byValue(property, cases, otherwise) {
  return cases.length ? ["match", ["get", property], ...cases.flat(), otherwise] : otherwise;
}

/** Where the pointer is over a feature: MapLibre's feature-state. @type {any} */
export const HOVERED = ["boolean", ["feature-state", "hover"], false];

/** @type {GeoJSON.FeatureCollection} */
export const NOTHING = Object.freeze({ type: "FeatureCollection", features: [] });
