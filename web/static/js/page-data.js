/**
 * What the server has written into the page: its texts and its settings.
 *
 * @import { Language, Settings, Titles } from "./api.js"
 */

/** @param {string} id */
function block(id) {
  return JSON.parse(document.getElementById(id)?.textContent || "{}");
}

/** @type {Record<string, string>} */
const texts = block("texts");

/** @type {Settings} */
export const settings = { lang: "zh", seq: 0, basemap: null, ...block("settings") };

export const lang = settings.lang;

/**
 * A text in the page's language. Every text used here stands in web/maps/texts.py, which a test checks.
 *
 * @param {string} english
 * @param {Record<string, string | number>} [params] fill the places `%(name)s`
 */
export function text(english, params = {}) {
  return (texts[english] ?? english).replace(/%\((\w+)\)s/g, (_, name) => String(params[name] ?? ""));
}

/**
 * The title of something in the page's language.
 *
 * @param {Titles | null | undefined} titles
 * @param {Language} [language]
 */
export function title(titles, language = lang) {
  return titles?.[language] || titles?.zh || titles?.en || "";
}
