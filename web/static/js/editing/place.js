/** The part of the form that speaks of the place: what to do on the map, how far it has gone, the way back. */
import { button, h } from "../dom.js";
import { drawMode, sameGeometry } from "../logic/editing.js";
import { formatArea, formatLength, formatPosition } from "../logic/format.js";
import { lineLength, ringArea } from "../logic/geodesy.js";
import { lang, text } from "../page-data.js";

/** @typedef {import("../logic/geodesy.js").Position} Position */

/**
 * @param {{ kind: string, isNew: boolean, onBack: () => void }} options `kind`: the geometry type that is drawn
 */
export function placePart({ kind, isNew, onBack }) {
  const mode = drawMode(kind);
  const hints = {
    point: [text("Click the map where it is."), text("Drag the marker to move it.")],
    linestring: [text("Click point by point; Enter or a click on the last point ends."), text("Drag a vertex; a small dot adds one, a right click takes one away.")],
    polygon: [text("Click corner by corner; Enter or a click on the first ends."), text("Drag a vertex; a small dot adds one, a right click takes one away.")],
  }[mode];
  const hint = h("p", { class: "hint edit-place-hint" }, hints[isNew ? 0 : 1]);
  const said = h("p", { class: "edit-place-said", "aria-live": "polite" });
  const back = button(text("As it was"), { icon: "undo", small: true, onclick: onBack, hidden: true });
  return {
    element: h("section", { class: "edit-place", "aria-label": text("Place on the map") }, said, hint, back),
    /** @param {GeoJSON.Geometry | null} before @param {GeoJSON.Geometry | null} now @param {boolean} drawing */
    show(before, now, drawing) {
      hint.textContent = hints[drawing ? 0 : 1] ?? "";
      const moved = !drawing && !sameGeometry(before, now);
      back.hidden = !moved || isNew;
      said.textContent = moved || isNew ? words(before, now) : "";
    },
  };
}

/** @param {GeoJSON.Geometry | null} before @param {GeoJSON.Geometry | null} now */
function words(before, now) {
  if (now?.type === "Point") {
    const [lon = 0, lat = 0] = now.coordinates;
    const [fromLon = lon, fromLat = lat] = before?.type === "Point" ? before.coordinates : [];
    const way = lineLength([[fromLon, fromLat], [lon, lat]]);
    return [before && way > 0 ? text("Moved by %(distance)s", { distance: formatLength(way, lang) }) : "", formatPosition(lon, lat)].filter(Boolean).join(" · ");
  }
  if (now?.type === "LineString") return formatLength(lineLength(/** @type {Position[]} */ (now.coordinates)), lang);
  if (now?.type === "MultiLineString") return formatLength(now.coordinates.reduce((sum, part) => sum + lineLength(/** @type {Position[]} */ (part)), 0), lang);
  if (now?.type === "MultiPolygon") return formatArea(now.coordinates.reduce((sum, [shell = []]) => sum + ringArea(/** @type {Position[]} */ (shell)), 0), lang);
  return "";
}
