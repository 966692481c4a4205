/**
 * Drawing on the map with Terra Draw, which is fetched when somebody first draws: points to set and drag, lines and
 * areas to draw vertex by vertex and to reshape.
 *
 * @import { MapView } from "../map-view.js"
 * @import { Part } from "../logic/editing.js"
 * @import { GeoJSONStoreFeatures, TerraDraw } from "terra-draw"
 */
import { drawMode, drawnParts, joined } from "../logic/editing.js";

const SOURCE = "td-point";

/** @typedef {{ geometry: () => GeoJSON.Geometry | null, isDrawing: () => boolean, reset: (geometry: GeoJSON.Geometry | null) => void, stop: () => void }} Drawing */

/**
 * Begins: with a geometry it can be reshaped, without one the next clicks draw it.
 *
 * @param {MapView} view
 * @param {{ kind: string, geometry: GeoJSON.Geometry | null, onChange: () => void }} options `kind`: the layer's type
 * @returns {Promise<Drawing>}
 */
export async function startDrawing(view, { kind, geometry, onChange }) {
  const [draw, { TerraDrawMapLibreGLAdapter }] = await Promise.all([import("terra-draw"), import("terra-draw-maplibre-gl-adapter")]);
  const mode = drawMode(kind);
  let known = drawnParts(geometry);
  /** @type {TerraDraw | null} */
  let board = null;
  let ended = false;

  function begin() {
    const adapter = new TerraDrawMapLibreGLAdapter({ map: view.map, coordinatePrecision: 9 });
    const made = new draw.TerraDraw({ adapter, modes: modes(draw) });
    made.start();
    made.on("change", (_, type) => {
      if (type !== "styling") onChange();
    });
    made.on("finish", (id, context) => {
      if (context.action === "draw") finish(made, id);
      onChange();
    });
    return made;
  }

  /** What was drawn can be reshaped at once; a second point takes the first one's place. @param {TerraDraw} made @param {string | number} id */
  function finish(made, id) {
    const others = drawn(made).filter((feature) => feature.id !== id);
    if (mode === "point" && others.length) made.removeFeatures(others.flatMap((feature) => (feature.id === undefined ? [] : [feature.id])));
    made.setMode("select");
    made.selectFeature(id);
  }

  /** @param {TerraDraw} made @param {Part[]} parts */
  function fill(made, parts) {
    const features = parts.map((part, at) => /** @type {GeoJSONStoreFeatures} */ ({ type: "Feature", id: made.getFeatureId(), properties: { mode, part: at }, geometry: part }));
    if (!features.length) {
      made.setMode(mode);
      return;
    }
    made.addFeatures(features);
    made.setMode("select");
    const first = features[0]?.id;
    if (first !== undefined && made.hasFeature(first)) made.selectFeature(first);
  }

  /** @param {GeoJSON.Geometry | null} wanted */
  function reset(wanted) {
    known = drawnParts(wanted);
    board?.clear();
    if (board) fill(board, known.parts);
  }

  /** A new style has thrown the board's layers away: it is set up anew with what was on it. */
  function restore() {
    if (ended || !board || view.map.getSource(SOURCE)) return;
    const parts = partsOf(board);
    try {
      board.stop();
    } catch {
      // its layers are gone already
    }
    board = begin();
    fill(board, parts);
  }

  board = begin();
  fill(board, known.parts);
  view.map.on("styledata", restore);

  return {
    geometry: () => (board ? joined(partsOf(board), kind, known) : null),
    isDrawing: () => board !== null && board.getMode() !== "select",
    reset,
    stop() {
      ended = true;
      view.map.off("styledata", restore);
      board?.stop();
      board = null;
    },
  };
}

/** The features that somebody draws, without the handles of what is selected. @param {TerraDraw} board */
function drawn(board) {
  return board.getSnapshot().filter(({ properties }) => ["point", "linestring", "polygon"].includes(String(properties.mode)) && !properties.currentlyDrawing && !properties.closingPoint && !properties.coordinatePoint && !properties.snappingPoint);
}

/** @param {TerraDraw} board @returns {Part[]} */
function partsOf(board) {
  return drawn(board).map(({ geometry }) => /** @type {Part} */ (geometry));
}

/** @param {typeof import("terra-draw")} draw */
function modes(draw) {
  const colours = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => /** @type {`#${string}`} */ (colours.getPropertyValue(`--${name}`).trim());
  const [accent, ring, chosen] = [colour("accent"), colour("map-ring"), colour("map-selected")];
  const pointerDistance = matchMedia("(pointer: coarse)").matches ? 44 : 24;
  const vertices = { midpoints: { draggable: true }, draggable: true, deletable: true };
  const point = { pointColor: accent, pointWidth: 8, pointOutlineColor: ring, pointOutlineWidth: 2 };
  const line = { lineStringColor: accent, lineStringWidth: 3 };
  const area = { fillColor: accent, fillOpacity: 0.12, outlineColor: accent, outlineWidth: 2, closingPointColor: chosen, closingPointWidth: 6, closingPointOutlineColor: ring, closingPointOutlineWidth: 2 };
  return [
    new draw.TerraDrawPointMode({ styles: point }),
    new draw.TerraDrawLineStringMode({ styles: { ...line, closingPointColor: chosen, closingPointWidth: 6, closingPointOutlineColor: ring, closingPointOutlineWidth: 2 }, pointerDistance: 12, keyEvents: { cancel: null, finish: "Enter" } }),
    new draw.TerraDrawPolygonMode({ styles: area, pointerDistance: 12, keyEvents: { cancel: null, finish: "Enter" } }),
    new draw.TerraDrawSelectMode({
      pointerDistance,
      allowManualDeselection: false,
      keyEvents: null,
      flags: {
        point: { feature: { draggable: true } },
        linestring: { feature: { coordinates: vertices } },
        polygon: { feature: { coordinates: vertices } },
      },
      styles: {
        selectedPointColor: accent,
        selectedPointWidth: 9,
        selectedPointOutlineColor: ring,
        selectedPointOutlineWidth: 3,
        selectedLineStringColor: accent,
        selectedLineStringWidth: 3,
        selectedPolygonColor: accent,
        selectedPolygonFillOpacity: 0.12,
        selectedPolygonOutlineColor: accent,
        selectedPolygonOutlineWidth: 2,
        selectionPointColor: ring,
        selectionPointWidth: 5,
        selectionPointOutlineColor: accent,
        selectionPointOutlineWidth: 2,
        midPointColor: accent,
        midPointWidth: 3,
        midPointOutlineColor: ring,
        midPointOutlineWidth: 1,
      },
    }),
  ];
}
