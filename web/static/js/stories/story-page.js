/** A story to read: its small map, and printing. */
import { mountSmallMap } from "../small-map.js";
import { text } from "../page-data.js";

const at = JSON.parse(document.getElementById("story")?.textContent || "{}");
const element = document.getElementById("map");
document.getElementById("story-print")?.addEventListener("click", () => print());
if (element) {
  mountSmallMap(element, { label: text("Map") }).then(
    (map) => map.show([{ lon: at.lon, lat: at.lat, name: at.name, main: true }]),
    () => element.replaceChildren(text("The map cannot be drawn here.")),
  );
}
document.documentElement.classList.add("is-ready");
