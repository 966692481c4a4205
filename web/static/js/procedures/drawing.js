/**
 * Where a proposed name lies: a point, a line or an area, set by clicks on a small map or by coordinates that are typed.
 *
 * @typedef {"Point" | "LineString" | "Polygon"} Drawn
 * @typedef {{ type: string, coordinates: unknown }} Geometry
 */
import { byId } from "../dom.js";
import { text } from "../page-data.js";
import { mountSmallMap } from "../small-map.js";
import { geometryOf, positionsOf } from "../logic/procedures.js";

const SOURCE = "proposed";

/** @param {{ onChange: () => void }} options */
export async function mountDrawing({ onChange }) {
  const element = byId("map");
  const lon = byId("lon", HTMLInputElement);
  const lat = byId("lat", HTMLInputElement);
  /** @type {Drawn} */
  let kind = "Point";
  /** @type {[number, number][]} */
  let positions = [];
  const { map, show } = await mountSmallMap(element, { label: element.dataset.label ?? "" });

  function draw() {
    const colour = getComputedStyle(document.documentElement).getPropertyValue("--map-selected").trim();
    const shape = geometryOf(kind, positions);
    /** @type {GeoJSON.FeatureCollection} */
    const data = {
      type: "FeatureCollection",
      features: [
        ...positions.map((coordinates) => ({ type: /** @type {const} */ ("Feature"), properties: {}, geometry: { type: /** @type {const} */ ("Point"), coordinates } })),
        ...(shape && kind !== "Point" ? [{ type: /** @type {const} */ ("Feature"), properties: {}, geometry: /** @type {GeoJSON.Geometry} */ (shape) }] : []),
      ],
    };
    const source = map.getSource(SOURCE);
    if (source) /** @type {import("maplibre-gl").GeoJSONSource} */ (source).setData(data);
    else if (map.isStyleLoaded()) {
      map.addSource(SOURCE, { type: "geojson", data });
      map.addLayer({ id: "proposed-line", type: "line", source: SOURCE, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": colour, "line-width": 3 } });
      map.addLayer({ id: "proposed-point", type: "circle", source: SOURCE, filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": colour, "circle-stroke-width": 2, "circle-stroke-color": "#fff" } });
    }
    byId("drawn").textContent = shape ? text("Points set: %(count)s", { count: positions.length }) : text("Click on the map where it is, or type coordinates.");
  }

  function changed() {
    draw();
    onChange();
  }

  /** @param {number} x @param {number} y */
  function add(x, y) {
    const position = /** @type {[number, number]} */ ([Number(x.toFixed(7)), Number(y.toFixed(7))]);
    positions = kind === "Point" ? [position] : [...positions, position];
    lon.value = String(position[0]);
    lat.value = String(position[1]);
    changed();
  }

  map.on("click", ({ lngLat }) => add(lngLat.lng, lngLat.lat));
  map.on("styledata", draw);
  byId("draw-add").addEventListener("click", () => {
    const x = Number(lon.value);
    const y = Number(lat.value);
    if (lon.value && lat.value && Math.abs(x) <= 180 && Math.abs(y) <= 90) {
      add(x, y);
      map.jumpTo({ center: [x, y], zoom: Math.max(map.getZoom(), 13) });
    }
  });
  byId("draw-back").addEventListener("click", () => {
    positions = positions.slice(0, -1);
    changed();
  });
  byId("draw-clear").addEventListener("click", () => {
    positions = [];
    changed();
  });
  for (const chip of document.querySelectorAll("[data-draw]")) {
    chip.addEventListener("click", () => choose(/** @type {Drawn} */ (chip.getAttribute("data-draw"))));
  }

  /** @param {Drawn} wanted */
  function choose(wanted) {
    kind = wanted;
    for (const chip of document.querySelectorAll("[data-draw]")) chip.setAttribute("aria-pressed", String(chip.getAttribute("data-draw") === wanted));
    if (kind === "Point") positions = positions.slice(-1);
    changed();
  }

  return {
    /** What is drawn as a draft takes it: the point, or the extent that it covers. */
    draft() {
      const shape = geometryOf(kind, positions);
      if (!shape) return {};
      return kind === "Point" ? { geometry: shape } : { extent: shape };
    },
    /** @param {Geometry | null | undefined} geometry */
    put(geometry) {
      if (!geometry) return;
      const found = positionsOf(geometry);
      kind = found.kind;
      positions = found.positions;
      const [first] = positions;
      if (first) {
        lon.value = String(first[0]);
        lat.value = String(first[1]);
        map.jumpTo({ center: first, zoom: 14 });
      }
      choose(kind);
    },
    /** Looks at a place that is no proposal yet, such as a village's seat. @param {number} x @param {number} y @param {string} name */
    look(x, y, name) {
      if (!positions.length) show([{ lon: x, lat: y, name, main: true }]);
    },
  };
}
