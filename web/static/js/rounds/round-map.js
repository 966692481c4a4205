/** The small map of a round: each line in the colour of its state; a click leads to the line's page. */
import { text } from "../page-data.js";
import { mountSmallMap } from "../small-map.js";

const SOURCE = "round-lines";
/** States to the variables of the design system that colour them. */
const COLOURS = { finished: "--good", fieldwork: "--warning", planned: "--accent", cancelled: "--ink-3" };

/** @typedef {{ uuid: string, name: string, state: keyof typeof COLOURS, coordinates: [number, number][] }} Shape */

/** @param {HTMLElement} element @param {Shape[]} shapes */
export async function mountRoundMap(element, shapes) {
  const { map } = await mountSmallMap(element, { label: text("Map") });

  function draw() {
    if (map.getSource(SOURCE)) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim() || "#b5482f";
    const features = shapes.map(({ uuid, name, state, coordinates }) => ({
      type: /** @type {const} */ ("Feature"),
      properties: { uuid, name, colour: colour(COLOURS[state] ?? "--accent") },
      geometry: { type: /** @type {const} */ ("LineString"), coordinates },
    }));
    map.addSource(SOURCE, { type: "geojson", data: { type: "FeatureCollection", features } });
    map.addLayer({ id: SOURCE, type: "line", source: SOURCE, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": ["get", "colour"], "line-width": 5, "line-opacity": 0.85 } });
  }

  if (map.isStyleLoaded()) draw();
  map.on("styledata", draw);
  map.on("click", SOURCE, ({ features }) => {
    const uuid = features?.[0]?.properties.uuid;
    if (uuid) location.assign(`/boundaries/${uuid}`);
  });
  const all = shapes.flatMap(({ coordinates }) => coordinates);
  if (all.length > 1) {
    const lons = all.map(([lon]) => lon);
    const lats = all.map(([, lat]) => lat);
    map.fitBounds([Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)], { padding: 36, animate: false });
  }
}
