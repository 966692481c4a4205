/**
 * The map of found addresses: the ground alone, and a point for each.
 *
 * @import { Catalogue } from "../api.js"
 */
import * as maplibre from "maplibre-gl";
import { askJson } from "../fetching.js";
import { boundsOf } from "../logic/geocoding.js";
import { buildStyle } from "../style/build.js";
import { FONT, FONT_MEDIUM, NOTHING } from "../style/context.js";
import { readPalette } from "../style/palette.js";

/** What tells where one is; names of places would drown the points. */
const SHOWN = { "boundary-lines": null, divisions: null, "place-lines": null, "place-areas": null };
const SOURCE = "geocoded";

/**
 * @param {HTMLElement} element
 * @param {{ onPick: (row: number) => void }} options
 */
export async function mountMap(element, { onPick }) {
  /** @type {Catalogue} */
  const catalogue = await askJson("/api/layers");
  /** @type {GeoJSON.FeatureCollection<GeoJSON.Point>} */
  let points = /** @type {any} */ (NOTHING);
  const calm = matchMedia("(prefers-reduced-motion: reduce)");

  function style() {
    const palette = readPalette(document.documentElement);
    const made = buildStyle({ palette, catalogue, shown: SHOWN, asof: null, basemap: null, basemapOn: false, coverage: null, origin: location.origin, romans: null });
    made.sources[SOURCE] = { type: "geojson", data: points };
    made.layers.push(...layers(palette));
    return made;
  }

  const map = new maplibre.Map({
    container: element,
    style: style(),
    bounds: catalogue.bbox,
    fitBoundsOptions: { padding: 16 },
    minZoom: 5,
    maxZoom: 19,
    maxPitch: 0,
    pitchWithRotate: false,
    attributionControl: false,
    localIdeographFontFamily: FONT.join(","),
    fadeDuration: 0,
    locale: { "Map.Title": element.dataset.label ?? "" },
  });
  map.touchZoomRotate.disableRotation();
  document.addEventListener("themechange", () => map.setStyle(style(), { diff: false }));
  const pointed = [`${SOURCE}-points`, `${SOURCE}-selected`];
  map.on("click", pointed, (event) => {
    const row = event.features?.[0]?.properties.row;
    if (typeof row === "number") onPick(row);
  });
  map.on("mouseenter", pointed, () => element.classList.add("map-picking"));
  map.on("mouseleave", pointed, () => element.classList.remove("map-picking"));

  return {
    map,
    /** Whether the register is made up, which the page then says. */
    synthetic: catalogue.synthetic,
    /** @param {GeoJSON.FeatureCollection<GeoJSON.Point>} found */
    show(found) {
      points = found;
      const source = map.getSource(SOURCE);
      if (source instanceof maplibre.GeoJSONSource) source.setData(found);
    },
    /**
     * Brings points into view.
     *
     * @param {GeoJSON.FeatureCollection<GeoJSON.Point>} found
     */
    look(found) {
      const box = boundsOf(found);
      if (box) map.fitBounds(box, { padding: 48, maxZoom: 13, duration: calm.matches ? 0 : 500 });
    },
  };
}

/**
 * @param {(name: string) => string} palette
 * @returns {maplibre.LayerSpecification[]}
 */
function layers(palette) {
  /** @type {any} */
  const isOther = ["==", ["get", "state"], "other"];
  /** @type {any} */
  const isSelected = ["get", "selected"];
  /** @type {any} */
  const colour = ["match", ["get", "state"], "open", palette("kind-canteen"), palette("map-covered")];
  return [
    {
      id: `${SOURCE}-others`,
      type: "circle",
      source: SOURCE,
      filter: isOther,
      paint: { "circle-radius": 6, "circle-color": palette("map-ring"), "circle-opacity": 0.7, "circle-stroke-color": palette("map-selected"), "circle-stroke-width": 2 },
    },
    {
      id: `${SOURCE}-points`,
      type: "circle",
      source: SOURCE,
      filter: ["all", ["!", isOther], ["!", isSelected]],
      paint: { "circle-radius": 5, "circle-color": colour, "circle-stroke-color": palette("map-ring"), "circle-stroke-width": 1.2 },
    },
    {
      id: `${SOURCE}-selected`,
      type: "circle",
      source: SOURCE,
      filter: isSelected,
      paint: { "circle-radius": 7, "circle-color": palette("map-selected"), "circle-stroke-color": palette("map-ring"), "circle-stroke-width": 2 },
    },
    {
      id: `${SOURCE}-names`,
      type: "symbol",
      source: SOURCE,
      filter: ["any", isSelected, isOther],
      layout: { "text-field": ["get", "name"], "text-font": FONT_MEDIUM, "text-size": 13, "text-offset": [0, 0.9], "text-anchor": "top", "text-optional": true },
      paint: { "text-color": palette("map-label"), "text-halo-color": palette("map-land"), "text-halo-width": 1.8 },
    },
  ];
}

/** @typedef {Awaited<ReturnType<typeof mountMap>>} FoundMap */
