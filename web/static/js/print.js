/**
 * The map on paper: a canvas drawn by WebGL prints empty, so its picture takes its place while the page is printed.
 *
 * @import { Map as MapLibre } from "maplibre-gl"
 */
import { h } from "./dom.js";

/** @param {MapLibre} map */
export function mount(map) {
  /** @type {HTMLImageElement | null} */
  let picture = null;
  addEventListener("beforeprint", () => {
    map.redraw();
    // In the same task as the drawing: later the buffer is empty.
    picture = h("img", { class: "map-picture", alt: "", src: map.getCanvas().toDataURL("image/png") });
    map.getContainer().append(picture);
  });
  addEventListener("afterprint", () => {
    picture?.remove();
    picture = null;
  });
}
