/**
 * Zoom, compass, scale bar and the sources' line.
 *
 * @import { MapView } from "./map-view.js"
 * @import { Register } from "./register.js"
 */
import { byId, h } from "./dom.js";
import { formatLength } from "./logic/format.js";
import { distance } from "./logic/geodesy.js";
import { scaleBar } from "./logic/scale.js";
import { lang, settings, text } from "./page-data.js";

/**
 * @param {MapView} view
 * @param {{ register: Register, basemapOn: () => boolean, onSources: () => void }} options
 */
export function mount({ map }, { register, basemapOn, onSources }) {
  const compass = byId("compass");
  const scale = byId("scale");
  byId("zoom-in").addEventListener("click", () => map.zoomIn());
  byId("zoom-out").addEventListener("click", () => map.zoomOut());
  compass.addEventListener("click", () => map.easeTo({ bearing: 0 }));

  function drawCompass() {
    const bearing = map.getBearing();
    const needle = compass.querySelector("svg");
    if (needle) needle.style.transform = `rotate(${-bearing}deg)`;
    compass.parentElement?.classList.toggle("is-turned", Math.abs(bearing) > 0.5);
  }

  function drawScale() {
    const { clientWidth, clientHeight } = map.getContainer();
    const [x, y] = [clientWidth / 2, clientHeight / 2];
    const from = map.unproject([x - 50, y]);
    const to = map.unproject([x + 50, y]);
    const { metres, pixels } = scaleBar(distance([from.lng, from.lat], [to.lng, to.lat]), 100);
    scale.style.width = `${pixels}px`;
    scale.textContent = formatLength(metres, lang);
  }

  function drawSources() {
    const words = [text("Boundaries: Tianditu"), basemapOn() ? settings.basemap?.title : ""].filter(Boolean).join(" · ");
    byId("attribution").replaceChildren(words, " · ", h("button", { type: "button", onclick: onSources }, text("Sources")));
  }

  map.on("rotate", drawCompass);
  map.on("move", drawScale);
  map.on("resize", drawScale);
  register.addEventListener("change", drawSources);
  drawCompass();
  drawScale();
  drawSources();
  return { drawSources };
}
