/** What was read of a file, drawn over the register's own map. */
import { text } from "../page-data.js";
import { mountSmallMap } from "../small-map.js";

const SOURCE = "field-file";

/**
 * @param {HTMLElement} element
 * @param {GeoJSON.FeatureCollection} outline
 */
export async function mountOutline(element, outline) {
  const { map } = await mountSmallMap(element, { label: text("Map") });

  function draw() {
    if (map.getSource(SOURCE)) return;
    const style = getComputedStyle(document.documentElement);
    // not the red of the boundary lines, which a track runs along
    const [accent = "", ring = "", blue = "", green = ""] = ["--accent", "--map-ring", "--focus", "--good"].map((name) => style.getPropertyValue(name).trim() || "#8a3b2a");
    map.addSource(SOURCE, { type: "geojson", data: outline });
    map.addLayer({ id: `${SOURCE}-area`, type: "fill", source: SOURCE, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": green, "fill-opacity": 0.25 } });
    map.addLayer({ id: `${SOURCE}-line`, type: "line", source: SOURCE, filter: ["!=", ["geometry-type"], "Point"], layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": blue, "line-width": 3 } });
    map.addLayer({ id: `${SOURCE}-point`, type: "circle", source: SOURCE, filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 5, "circle-color": ["match", ["get", "kind"], "photo", green, accent], "circle-stroke-color": ring, "circle-stroke-width": 1.5 } });
  }

  if (map.isStyleLoaded()) draw();
  map.on("styledata", draw);
  const [west, south, east, north] = box(outline);
  if (west <= east) map.fitBounds([west, south, east, north], { padding: 32, maxZoom: 15, animate: false });
}

/** @param {GeoJSON.FeatureCollection} outline @returns {[number, number, number, number]} west > east where there is nothing */
export function box(outline) {
  /** @type {[number, number, number, number]} */
  const found = [Infinity, Infinity, -Infinity, -Infinity];
  /** @param {unknown} coordinates */
  const look = (coordinates) => {
    if (!Array.isArray(coordinates)) return;
    const [lon, lat] = coordinates;
    if (typeof lon === "number" && typeof lat === "number") {
      found[0] = Math.min(found[0], lon);
      found[1] = Math.min(found[1], lat);
      found[2] = Math.max(found[2], lon);
      found[3] = Math.max(found[3], lat);
    } else coordinates.forEach(look);
  };
  for (const { geometry } of outline.features) if ("coordinates" in geometry) look(geometry.coordinates);
  return found;
}
