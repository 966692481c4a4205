/**
 * The map: shows the state and the register in the palette's colours.
 *
 * @import { Shown } from "./api.js"
 * @import { Panels } from "./panels.js"
 * @import { Register } from "./register.js"
 * @import { Store } from "./store.js"
 */
import * as maplibre from "maplibre-gl";
import { connection } from "./fetching.js";
import { firstShown } from "./logic/shown.js";
import { mountCamera } from "./map-camera.js";
import { mountPicking } from "./map-picking.js";
import { settings } from "./page-data.js";
import { drawBadges } from "./style/badges.js";
import { buildStyle, styleChanges } from "./style/build.js";
import { FONT } from "./style/context.js";
import { readPalette } from "./style/palette.js";

/**
 * @param {HTMLElement} element
 * @param {{ store: Store, register: Register, panels: Panels }} options
 */
export function mount(element, { store, register, panels }) {
  let ready = false;
  let hasResult = false;
  /** @type {Record<string, string> | null} */
  let romans = null;
  /** What behaviours have given to the style's GeoJSON sources. @type {Map<string, GeoJSON.GeoJSON>} */
  const data = new Map();
  let palette = readPalette(document.documentElement);
  let style = wanted();

  const map = new maplibre.Map({
    container: element,
    style,
    center: [119.1, 36.6],
    zoom: 7,
    minZoom: 4,
    maxZoom: 19,
    maxPitch: 0,
    pitchWithRotate: false,
    attributionControl: false,
    localIdeographFontFamily: FONT.join(","),
    fadeDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 160,
    refreshExpiredTiles: false,
    locale: { "Map.Title": element.dataset.label ?? "" },
  });
  map.touchZoomRotate.disableRotation();

  /** @returns {Shown} the layers that show */
  function shown() {
    return store.state.shown ?? firstShown(register.catalogue);
  }

  function wanted() {
    const { asof, coverage, basemap } = store.state;
    return buildStyle({
      palette,
      catalogue: register.catalogue,
      shown: shown(),
      asof,
      basemap: settings.basemap,
      basemapOn: basemap && settings.basemap !== null,
      coverage: hasResult ? coverage : null,
      origin: location.origin,
      romans,
    });
  }

  function restyle() {
    if (!ready) return;
    const next = wanted();
    const changes = styleChanges(style, next);
    style = next;
    if (changes.whole) {
      map.setStyle(next, { diff: true });
      fillSources();
      return;
    }
    for (const { source, tiles } of changes.tiles) vectorSource(source)?.setTiles(tiles);
    reload();
    for (const { layer, filter } of changes.filters) map.setFilter(layer, filter);
    for (const { layer, name, value } of changes.layout) map.setLayoutProperty(layer, /** @type {any} */ (name), value);
    for (const { layer, name, value } of changes.paint) map.setPaintProperty(layer, /** @type {any} */ (name), value);
  }

  /** @param {string} id */
  function vectorSource(id) {
    const source = map.getSource(id);
    return source instanceof maplibre.VectorTileSource ? source : null;
  }

  function fillSources() {
    for (const [id, content] of data) {
      const source = map.getSource(id);
      if (source instanceof maplibre.GeoJSONSource) source.setData(content);
    }
  }

  /** @param {string} id @param {GeoJSON.GeoJSON} content */
  function setData(id, content) {
    data.set(id, content);
    const source = ready ? map.getSource(id) : null;
    if (source instanceof maplibre.GeoJSONSource) source.setData(content);
  }

  /** Tiles that did not come, by source. @type {Map<string, { z: number, x: number, y: number }[]>} */
  const missing = new Map();
  map.on("error", (event) => {
    const { sourceId, tile } = /** @type {{ sourceId?: string, tile?: { tileID: { canonical: { z: number, x: number, y: number } } } }} */ (event);
    if (sourceId && tile) missing.set(sourceId, [...(missing.get(sourceId) ?? []), tile.tileID.canonical]);
  });

  /** Asks anew for tiles that did not come: one by one, for MapLibre waits for ever for those of a source reloaded whole. */
  function reload() {
    const asked = [...missing];
    missing.clear();
    for (const [id, tiles] of asked) if (map.getSource(id)) map.refreshTiles(id, tiles);
  }

  map.on("style.load", () => {
    ready = true;
    drawBadges(map, palette);
    fillSources();
    restyle();
  });
  document.addEventListener("themechange", () => {
    palette = readPalette(document.documentElement);
    if (!ready) return;
    drawBadges(map, palette);
    restyle();
  });
  register.addEventListener("change", restyle);
  connection.addEventListener("back", reload);
  store.subscribe((_, changed) => {
    if (changed.has("shown") || changed.has("coverage") || changed.has("basemap")) restyle();
  });

  const camera = mountCamera(map, { store, register, panels });
  const picking = mountPicking(map, { register, setData });

  return {
    map,
    camera,
    picking,
    setData,
    reload,
    shown,
    get palette() {
      return palette;
    },
    /** Names of divisions in Latin letters, to stand under the Chinese ones. @param {Record<string, string>} names */
    showRomans(names) {
      romans = names;
      restyle();
    },
    /** Whether a coverage result lies on the map, so that all else steps back. @param {boolean} on */
    showResult(on) {
      if (on === hasResult) return;
      hasResult = on;
      restyle();
    },
  };
}

/** @typedef {ReturnType<typeof mount>} MapView */
