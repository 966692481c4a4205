/**
 * The page's state as an address and back. Pure: no DOM.
 *
 * A view of the map is shared by copying its address, so every part of the state that changes what is seen has a
 * parameter here, and what is as at first has none: `/` alone is the first view.
 *
 *   at=119.1067,36.7081,8.50[,bearing]      centre, zoom, and the bearing if north is not up
 *   asof=2022-12-31                          the register as at that day
 *   show=boundary-lines,facilities:canteen.day_care   layers shown, with their classes unless all are
 *   base=1                                   the base map is on
 *   pick=facilities:<uuid>                   what is selected
 *   cover=day_care.canteen,1500,aged_60      the coverage asked for
 *
 * @import { CoverageQuestion, Selected, Shown, State, View, Weight } from "../api.js"
 */

/** @type {readonly Weight[]} */
export const WEIGHTS = ["population", "aged_60", "aged_65", "aged_80", "villages"];
export const DISTANCE_MIN = 50;
export const DISTANCE_MAX = 50000;

const KEY = /^[a-z0-9_-]{1,40}$/;
const UUID = /^[0-9a-f-]{36}$/i;

/** @type {readonly string[]} parameters that are the state's; any other (`lang`) is left as it is */
const OURS = ["at", "asof", "show", "base", "pick", "cover"];

/** @returns {State} */
export function firstState() {
  return { view: null, asof: null, shown: null, basemap: false, selected: null, coverage: null };
}

/**
 * The state that an address asks for; what is malformed counts as not given.
 *
 * @param {string} search the address from `?` on
 * @returns {State}
 */
export function readAddress(search) {
  const given = new URLSearchParams(search);
  const asof = given.get("asof") ?? "";
  return {
    view: readView(given.get("at")),
    asof: isDay(asof) ? asof : null,
    shown: readShown(given.get("show")),
    basemap: given.get("base") === "1",
    selected: readSelected(given.get("pick")),
    coverage: readCoverage(given.get("cover")),
  };
}

/**
 * The address of a state.
 *
 * @param {State} state
 * @param {string} [current] the present address from `?` on, whose foreign parameters are kept
 * @returns {string} empty, or from `?` on
 */
export function writeAddress(state, current = "") {
  /** @type {[string, string][]} */
  const parts = [];
  if (state.view) parts.push(["at", viewText(state.view)]);
  if (state.asof) parts.push(["asof", state.asof]);
  if (state.shown) parts.push(["show", shownText(state.shown)]);
  if (state.basemap) parts.push(["base", "1"]);
  if (state.coverage) {
    const { kinds, distance, weight } = state.coverage;
    parts.push(["cover", `${kinds.join(".")},${distance},${weight}`]);
  }
  if (state.selected) parts.push(["pick", `${state.selected.layer}:${state.selected.uuid}`]);
  for (const [name, value] of new URLSearchParams(current)) {
    if (!OURS.includes(name)) parts.push([name, value]);
  }
  // Commas, colons and dots may stand in a query as they are, and the address stays readable.
  const text = parts.map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":")}`);
  return text.length ? `?${text.join("&")}` : "";
}

/** @param {string} text whether it is a day of the calendar, YYYY-MM-DD */
export function isDay(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(text);
}

/** @param {View} view */
function viewText({ lon, lat, zoom, bearing }) {
  const text = `${lon.toFixed(5)},${lat.toFixed(5)},${zoom.toFixed(2)}`;
  return Math.round(bearing) ? `${text},${Math.round(bearing)}` : text;
}

/**
 * @param {string | null} text
 * @returns {View | null}
 */
function readView(text) {
  if (!text) return null;
  // An empty part is no number, though Number("") is 0.
  const [lon, lat, zoom, bearing = 0] = text.split(",").map((part) => (part.trim() ? Number(part) : NaN));
  if (lon === undefined || lat === undefined || zoom === undefined) return null;
  if (![lon, lat, zoom, bearing].every(Number.isFinite)) return null;
  if (Math.abs(lon) > 180 || Math.abs(lat) > 85 || zoom < 0 || zoom > 24) return null;
  return { lon, lat, zoom, bearing };
}

/** @param {Shown} shown */
function shownText(shown) {
  const text = Object.entries(shown).map(([layer, classes]) => (classes ? `${layer}:${classes.join(".")}` : layer));
  return text.join(",") || "none";
}

/**
 * @param {string | null} text
 * @returns {Shown | null}
 */
function readShown(text) {
  if (!text) return null;
  /** @type {Shown} */
  const shown = {};
  if (text === "none") return shown;
  for (const part of text.split(",")) {
    const [layer = "", classes] = part.split(":");
    if (!KEY.test(layer)) continue;
    shown[layer] = classes === undefined ? null : classes.split(".").filter((key) => KEY.test(key));
  }
  return Object.keys(shown).length ? shown : null;
}

/**
 * @param {string | null} text
 * @returns {Selected | null}
 */
function readSelected(text) {
  const [layer = "", uuid = ""] = (text ?? "").split(":");
  return KEY.test(layer) && UUID.test(uuid) ? { layer, uuid } : null;
}

/**
 * @param {string | null} text
 * @returns {CoverageQuestion | null}
 */
function readCoverage(text) {
  if (!text) return null;
  const [list = "", metres = "", weight = ""] = text.split(",");
  const kinds = list.split(".").filter((key) => KEY.test(key));
  const distance = Number(metres);
  const known = WEIGHTS.find((each) => each === weight);
  if (!kinds.length || !known || !(distance >= DISTANCE_MIN && distance <= DISTANCE_MAX)) return null;
  return { kinds, distance: Math.round(distance), weight: known };
}
