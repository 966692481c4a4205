/**
 * Where the map looks: the view that the address asks for, or the whole city, kept clear of the open panels.
 *
 * The first view has no place in the address: it is the whole city, however large the window and whatever is open.
 *
 * @import { Map as MapLibre } from "maplibre-gl"
 * @import { Panels } from "./panels.js"
 * @import { Register } from "./register.js"
 * @import { Store } from "./store.js"
 */

const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** From here on a feature and what stands around it can be told apart. */
const POINT_ZOOM = 13.5;

/** Marks movements that are the page's own and not a view that somebody chose. */
const OWN = { own: true };

/** @param {unknown} event */
const isOwn = (event) => /** @type {{ own?: boolean }} */ (event).own === true;

/** @param {number} value @param {number} digits */
const rounded = (value, digits) => Number(value.toFixed(digits));

/** @typedef {{ lon: number, lat: number, bbox?: [number, number, number, number] | null, zoom?: number }} Target */

/**
 * @param {MapLibre} map
 * @param {{ store: Store, register: Register, panels: Panels }} options
 */
export function mountCamera(map, { store, register, panels }) {
  /** @param {number} duration */
  const ms = (duration) => (calm.matches ? 0 : duration);

  /** @param {number} duration */
  function showCity(duration) {
    const box = register.catalogue.bbox;
    if (box) map.fitBounds(box, { padding: panels.onPhone ? 10 : 28, duration: ms(duration), bearing: 0 }, OWN);
  }

  /** @param {number} duration */
  function showView(duration) {
    const view = store.state.view;
    if (!view) showCity(duration);
    else map.jumpTo({ center: [view.lon, view.lat], zoom: view.zoom, bearing: view.bearing }, OWN);
  }

  /** Where the map is on its way to. @type {Target | null} */
  let going = null;

  /** @param {Target} target */
  function goTo({ lon, lat, bbox, zoom }) {
    map.setPadding(panels.padding(), OWN);
    const isBox = bbox && (bbox[2] - bbox[0] > 1e-4 || bbox[3] - bbox[1] > 1e-4);
    if (isBox) map.fitBounds(bbox, { padding: 48, maxZoom: 15, duration: ms(800) });
    else map.flyTo({ center: [lon, lat], zoom: zoom ?? Math.max(map.getZoom(), POINT_ZOOM), duration: ms(900) });
    going = map.isMoving() ? { lon, lat, bbox, zoom } : null;
  }

  /** @param {number} duration */
  function keepClear(duration) {
    const padding = panels.padding();
    if (JSON.stringify(padding) === JSON.stringify(map.getPadding())) return;
    if (going) {
      // A card that grows on the way changes where the way leads.
      goTo(going);
    } else if (store.state.view) {
      map.easeTo({ padding, duration: ms(duration) }, OWN);
    } else {
      map.setPadding(padding, OWN);
      showCity(duration);
    }
  }

  function isThere() {
    const view = store.state.view;
    const { lng, lat } = map.getCenter();
    if (!view) return false;
    return Math.abs(view.lon - lng) < 2e-5 && Math.abs(view.lat - lat) < 2e-5 && Math.abs(view.zoom - map.getZoom()) < 0.02;
  }

  map.setPadding(panels.padding(), OWN);
  showView(0);

  map.on("moveend", (event) => {
    if (isOwn(event)) return;
    going = null;
    const { lng, lat } = map.getCenter();
    store.set({
      view: { lon: rounded(lng, 5), lat: rounded(lat, 5), zoom: rounded(map.getZoom(), 2), bearing: Math.round(map.getBearing()) },
    });
  });
  map.on("resize", () => {
    map.setPadding(panels.padding(), OWN);
    if (!store.state.view) showCity(0);
  });
  panels.events.addEventListener("change", () => keepClear(240));
  store.subscribe((_, changed) => {
    if (changed.has("view") && !isThere()) showView(0);
  });

  return {
    /** Goes to a position, or a box where there is one. */
    goTo,

    /**
     * Moves a position into the part of the map that no panel covers, if it is not there.
     *
     * @param {number} lon
     * @param {number} lat
     */
    reveal(lon, lat) {
      const look = () => {
        const { x, y } = map.project([lon, lat]);
        const { top, right, bottom, left } = panels.padding();
        const { clientWidth, clientHeight } = map.getContainer();
        const free = x > left && x < clientWidth - right && y > top && y < clientHeight - bottom;
        if (!free) map.easeTo({ center: [lon, lat], duration: ms(300) });
      };
      if (map.isMoving()) map.once("moveend", look);
      else look();
    },

    /** The whole city. */
    goHome() {
      store.set({ view: null }, { push: true });
      showCity(500);
    },
  };
}

/** @typedef {ReturnType<typeof mountCamera>} Camera */
