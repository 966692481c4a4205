/**
 * How kinds of facilities and classes of places are told apart: colour variable and pictogram. Pure: no DOM.
 *
 * Colours are named, not given: css/tokens.css has them. A kind or class that is not listed (an office may add its own)
 * takes the look of `OTHER_KIND` or `OTHER_PLACE`.
 */

/** @typedef {{ colour: string, pictogram: string, many?: boolean }} KindLook `many`: drawn smaller, there are thousands */

/** @type {Readonly<Record<string, KindLook>>} */
const KINDS = {
  eldercare_home: { colour: "kind-eldercare-home", pictogram: "house" },
  day_care: { colour: "kind-day-care", pictogram: "day" },
  rural_home: { colour: "kind-rural-home", pictogram: "leaf" },
  canteen: { colour: "kind-canteen", pictogram: "bowl" },
  county_centre: { colour: "kind-eldercare-centre", pictogram: "columns" },
  street_centre: { colour: "kind-eldercare-centre", pictogram: "columns" },
  city_smart_care: { colour: "kind-eldercare-centre", pictogram: "columns" },
  funeral_home: { colour: "kind-burial", pictogram: "columns" },
  cemetery: { colour: "kind-burial", pictogram: "stone" },
  public_cemetery: { colour: "kind-burial", pictogram: "stone", many: true },
  social_work: { colour: "kind-social", pictogram: "people" },
  aid_window: { colour: "kind-social", pictogram: "aid" },
  village_aid: { colour: "kind-social", pictogram: "aid", many: true },
  incubation: { colour: "kind-social", pictogram: "sprout" },
  county_aid_centre: { colour: "kind-social", pictogram: "columns" },
  city_aid_station: { colour: "kind-social", pictogram: "columns" },
  city_incubation: { colour: "kind-social", pictogram: "columns" },
  child_protection: { colour: "kind-children", pictogram: "child" },
  child_service: { colour: "kind-children", pictogram: "child", many: true },
  city_child_welfare: { colour: "kind-children", pictogram: "columns" },
  marriage: { colour: "kind-marriage", pictogram: "heart" },
  marriage_mobile: { colour: "kind-marriage", pictogram: "heart" },
};

/** @type {KindLook} */
const OTHER_KIND = { colour: "kind-burial", pictogram: "columns" };

const PLACES = [
  "committee",
  "settlement",
  "water",
  "terrain",
  "transport",
  "hydraulic",
  "memorial",
  "building",
  "division",
  "nondivision",
];

export const KIND_KEYS = Object.freeze(Object.keys(KINDS));
export const PLACE_KEYS = Object.freeze([...PLACES]);

/** @param {string} key @returns {KindLook} */
export function kindLook(key) {
  return KINDS[key] ?? OTHER_KIND;
}

/** @param {string} key @returns {string} the name of a colour variable */
export function placeColour(key) {
  return `place-${PLACES.includes(key) ? key : "building"}`;
}
