/**
 * What lies under the pointer: a word and a ring where it rests, the features themselves where it clicks.
 *
 * @import { Map as MapLibre, MapGeoJSONFeature } from "maplibre-gl"
 * @import { Hit } from "./logic/picking.js"
 * @import { Register } from "./register.js"
 */
import { byId, h } from "./dom.js";
import { PICKABLE, hitsOf } from "./logic/picking.js";
import { lang, title } from "./page-data.js";
import { NOTHING } from "./style/context.js";

const LINES = { source: "boundary-lines", sourceLayer: "boundary-lines" };

/**
 * @param {MapLibre} map
 * @param {{ register: Register, setData: (source: string, content: GeoJSON.GeoJSON) => void }} options
 */
export function mountPicking(map, { register, setData }) {
  /** @type {(hits: Hit[]) => void} */
  let onPick = () => {};
  let on = true;
  const coarse = matchMedia("(pointer: coarse)");
  const tip = byId("map-tip");
  /** @type {string | null} */
  let hovered = null;
  let frame = 0;

  /** @param {{ x: number, y: number }} point */
  function featuresAt({ x, y }) {
    const reach = coarse.matches ? 14 : 5;
    const layers = PICKABLE.filter((id) => map.getLayer(id));
    return map.queryRenderedFeatures([[x - reach, y - reach], [x + reach, y + reach]], { layers });
  }

  /** @param {MapGeoJSONFeature | undefined} feature */
  function mark(feature) {
    const uuid = feature ? String(feature.properties.uuid) : null;
    if (uuid === hovered) return;
    if (map.getSource(LINES.source)) map.removeFeatureState(LINES);
    hovered = uuid;
    if (uuid && feature?.source === LINES.source) map.setFeatureState({ ...LINES, id: uuid }, { hover: true });
    const ring = feature?.geometry.type === "Point" && feature.source !== "divisions" && feature.source !== LINES.source;
    setData("hovered", ring ? { type: "Feature", properties: {}, geometry: feature.geometry } : NOTHING);
    map.getContainer().classList.toggle("map-picking", uuid !== null);
    tip.replaceChildren(...(feature ? words(feature) : []));
    tip.hidden = !feature;
  }

  /** @param {MapGeoJSONFeature} feature */
  function words(feature) {
    const layer = register.layer(feature.source === "coverage-villages" ? "divisions" : feature.source);
    const { kind, major, level, name } = feature.properties;
    const found = layer?.classes.find((each) => [kind, major, level].includes(each.key));
    return [String(name ?? ""), h("small", {}, title((found ?? layer)?.title, lang))];
  }

  /** @param {{ x: number, y: number }} point */
  function place({ x, y }) {
    const left = Math.min(x + 14, innerWidth - tip.offsetWidth - 8);
    const below = y + 18 + tip.offsetHeight < innerHeight;
    tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(below ? y + 18 : y - tip.offsetHeight - 10)}px)`;
  }

  map.on("click", (event) => {
    if (on) onPick(hitsOf(featuresAt(event.point)));
  });
  map.on("mousemove", (event) => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      if (!on || map.isMoving() || coarse.matches) return mark(undefined);
      const features = featuresAt(event.point);
      const first = hitsOf(features)[0];
      mark(features.find((feature) => feature.properties.uuid === first?.uuid));
      place(event.point);
    });
  });
  map.on("mouseout", () => mark(undefined));
  map.on("movestart", () => mark(undefined));

  return {
    /** @param {typeof onPick} listener */
    listen(listener) {
      onPick = listener;
    },
    /** Whether clicks pick: not while they measure. @param {boolean} picks */
    enable(picks) {
      on = picks;
      if (!on) mark(undefined);
    },
  };
}

/** @typedef {ReturnType<typeof mountPicking>} Picking */
