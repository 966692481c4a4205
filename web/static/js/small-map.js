/**
 * A small map beside a record: the register's own map, quiet, with one place in its middle and its neighbours marked.
 *
 * @import { Catalogue } from "./api.js"
 */
import * as maplibre from "maplibre-gl";
import { askJson } from "./fetching.js";
import { buildStyle } from "./style/build.js";
import { FONT } from "./style/context.js";
import { readPalette } from "./style/palette.js";

/** Layers that show: what tells where one is. */
const SHOWN = { "boundary-lines": null, divisions: null, "division-areas": null, "place-names": null, "place-lines": null, "place-areas": null };

/** @typedef {{ lon: number, lat: number, name: string, main?: boolean, uuid?: string }} Marked */

/**
 * @param {HTMLElement} element
 * @param {{ label: string, onPick?: (uuid: string) => void }} options
 */
export async function mountSmallMap(element, { label, onPick }) {
  /** @type {Catalogue} */
  const catalogue = await askJson("/api/layers");
  const style = () =>
    buildStyle({ palette: readPalette(document.documentElement), catalogue, shown: SHOWN, asof: null, basemap: null, basemapOn: false, coverage: null, origin: location.origin, romans: null });
  const map = new maplibre.Map({
    container: element,
    style: style(),
    center: [119.1, 36.6],
    zoom: 8,
    minZoom: 5,
    maxZoom: 19,
    maxPitch: 0,
    pitchWithRotate: false,
    attributionControl: false,
    localIdeographFontFamily: FONT.join(","),
    fadeDuration: 0,
    locale: { "Map.Title": label },
  });
  map.touchZoomRotate.disableRotation();
  /** @type {Marked[]} */
  let marked = [];
  /** @type {maplibre.Marker[]} */
  let pins = [];

  /** A pin that can be reached by keyboard. @param {Marked} one */
  function pin(one) {
    const element = document.createElement(one.uuid && onPick ? "button" : "span");
    element.className = one.main ? "map-pin is-main" : "map-pin";
    element.title = one.name;
    element.setAttribute("aria-label", one.name);
    const { uuid } = one;
    if (uuid && onPick) element.addEventListener("click", () => onPick(uuid));
    return new maplibre.Marker({ element, anchor: "center" }).setLngLat([one.lon, one.lat]).addTo(map);
  }

  document.addEventListener("themechange", () => map.setStyle(style(), { diff: true }));

  return {
    map,
    /**
     * Marks places and brings them into view.
     *
     * @param {Marked[]} places
     */
    show(places) {
      for (const old of pins) old.remove();
      marked = places.filter(({ lon, lat }) => Number.isFinite(lon) && Number.isFinite(lat));
      pins = marked.map(pin);
      map.resize();
      const [first] = marked;
      if (!first) return;
      if (marked.length === 1) {
        map.jumpTo({ center: [first.lon, first.lat], zoom: 13.5 });
        return;
      }
      const bounds = new maplibre.LngLatBounds();
      for (const { lon, lat } of marked) bounds.extend([lon, lat]);
      map.fitBounds(bounds, { padding: 48, maxZoom: 14, animate: false });
    },
  };
}
