/**
 * Measuring on the ellipsoid: the length of a line of clicks, or the area within them.
 *
 * @import { Position } from "./logic/geodesy.js"
 * @import { MapView } from "./map-view.js"
 * @import { Panels } from "./panels.js"
 */
import { copy } from "./clipboard.js";
import { button, h, icon } from "./dom.js";
import { formatArea, formatLength } from "./logic/format.js";
import { lineLength, ringArea } from "./logic/geodesy.js";
import { measuredFeatures } from "./logic/measured.js";
import { lang, text } from "./page-data.js";
import { NOTHING } from "./style/context.js";

/**
 * @param {HTMLElement} element
 * @param {{ view: MapView, panels: Panels }} options
 */
export function mount(element, { view, panels }) {
  const { map } = view;
  /** @type {Position[]} */
  let points = [];
  /** Where the pointer is while a line is being drawn. @type {Position | null} */
  let pointer = null;
  /** @type {"distance" | "area"} */
  let mode = "distance";
  let ended = false;
  const value = h("output", { class: "measure-value", id: "measure-value" });
  const more = h("p", { class: "quiet small" });

  const isOn = () => panels.isOpen("measure");
  const words = () => {
    if (mode === "area") return points.length > 2 ? formatArea(ringArea(points), lang) : "—";
    return points.length > 1 ? formatLength(lineLength(points), lang) : "—";
  };

  function draw() {
    if (!isOn()) {
      view.setData("measured", NOTHING);
      return;
    }
    const live = pointer && !ended ? [...points, pointer] : points;
    const label = (/** @type {number} */ metres) => formatLength(metres, lang);
    view.setData("measured", measuredFeatures(live, mode, label));
    value.textContent = words();
    const hint = ended
      ? text("Click to measure anew.")
      : points.length
        ? text("Click for the next point; double-click or Enter ends.")
        : text("Click the map to begin.");
    const around = mode === "area" && points.length > 2 ? text("Perimeter %(length)s", { length: formatLength(lineLength([...points, ...points.slice(0, 1)]), lang) }) : "";
    more.textContent = [around, hint].filter(Boolean).join(" · ");
  }

  function drawControls() {
    const chip = (/** @type {"distance" | "area"} */ key, /** @type {string} */ name, /** @type {string} */ label) =>
      h("button", { type: "button", class: "chip", "aria-pressed": String(mode === key), onclick: () => setMode(key) }, icon(name), label);
    element.replaceChildren(
      h(
        "div",
        { class: "measure-body" },
        h("div", { class: "chips" }, chip("distance", "line", text("Distance")), chip("area", "area", text("Area"))),
        value,
        more,
        h(
          "div",
          { class: "actions" },
          button(text("Copy"), { icon: "copy", small: true, onclick: (event) => copy(words(), event) }),
          button(text("Last point back"), { icon: "undo", small: true, onclick: back }),
          button(text("Clear"), { icon: "trash", small: true, onclick: clear }),
        ),
        h("p", { class: "hint" }, text("On the ellipsoid of CGCS2000")),
      ),
    );
  }

  /** @param {"distance" | "area"} wanted */
  function setMode(wanted) {
    mode = wanted;
    drawControls();
    draw();
  }

  function clear() {
    points = [];
    ended = false;
    draw();
  }

  function back() {
    points = points.slice(0, -1);
    ended = false;
    draw();
  }

  function end() {
    ended = points.length > 1;
    pointer = null;
    draw();
  }

  map.on("click", ({ lngLat }) => {
    if (!isOn()) return;
    if (ended) clear();
    /** @type {Position} */
    const point = [lngLat.lng, lngLat.lat];
    const last = points.at(-1);
    // The second click of a double click falls on the first: it ends and adds nothing.
    if (!last || map.project(last).dist(map.project(point)) > 3) points = [...points, point];
    draw();
  });
  map.on("dblclick", (event) => {
    if (!isOn()) return;
    event.preventDefault();
    end();
  });
  map.on("mousemove", ({ lngLat }) => {
    if (!isOn() || ended || !points.length) return;
    pointer = [lngLat.lng, lngLat.lat];
    draw();
  });
  map.on("mouseout", () => {
    pointer = null;
    draw();
  });
  document.addEventListener("keydown", (event) => {
    if (!isOn() || (event.target instanceof Element && event.target.closest("input, select, button, dialog"))) return;
    if (event.key === "Enter") end();
    else if (event.key === "Backspace") back();
  });
  panels.events.addEventListener("change", () => {
    const on = isOn();
    view.picking.enable(!on);
    map.getContainer().classList.toggle("map-measuring", on);
    if (!on) {
      points = [];
      pointer = null;
      ended = false;
    }
    draw();
  });
  drawControls();
}
