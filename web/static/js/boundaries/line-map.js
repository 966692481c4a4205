/**
 * The small map of a line or a stake: the line drawn over the register's map, the stakes as pins that lead to their pages.
 */
import { text } from "../page-data.js";
import { mountSmallMap } from "../small-map.js";

const SOURCE = "own-line";

/** @typedef {{ uuid: string, number: string, lon: number, lat: number }} Stake */

/**
 * @param {HTMLElement} element
 * @param {{ line: GeoJSON.LineString | null, stakes: Stake[], main?: string }} what
 */
export async function mountLineMap(element, { line, stakes, main }) {
  const small = await mountSmallMap(element, { label: text("Map"), onPick: (uuid) => location.assign(`/stakes/${uuid}`) });
  const { map } = small;

  function draw() {
    if (!line || map.getSource(SOURCE)) return;
    const accent = getComputedStyle(document.documentElement).getPropertyValue("--accent").trim() || "#b5482f";
    map.addSource(SOURCE, { type: "geojson", data: { type: "Feature", properties: {}, geometry: line } });
    map.addLayer({ id: SOURCE, type: "line", source: SOURCE, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": accent, "line-width": 4, "line-opacity": 0.75 } });
  }

  if (map.isStyleLoaded()) draw();
  map.on("styledata", draw);
  const pins = stakes.map(({ uuid, number, lon, lat }) => ({ lon, lat, name: number, uuid: uuid === main ? undefined : uuid, main: uuid === main }));
  small.show(pins);
  const coordinates = main ? [] : (line?.coordinates ?? []);
  if (coordinates.length > 1) {
    const longitudes = coordinates.map(([lon]) => Number(lon));
    const latitudes = coordinates.map(([, lat]) => Number(lat));
    map.fitBounds([Math.min(...longitudes), Math.min(...latitudes), Math.max(...longitudes), Math.max(...latitudes)], { padding: 36, maxZoom: 14, animate: false });
  }
}
