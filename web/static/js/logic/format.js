/**
 * Numbers, lengths, areas, shares and days as people read them, in Chinese and English. Pure: no DOM.
 *
 * @import { Language } from "../api.js"
 */

const ABSENT = "—";

/** @param {Language} lang */
const locale = (lang) => (lang === "zh" ? "zh-CN" : "en-GB");

/**
 * A number with separators of thousands and at most `digits` decimals.
 *
 * @param {number | null | undefined} value
 * @param {Language} lang
 * @param {number} [digits]
 */
export function formatNumber(value, lang, digits = 0) {
  if (value === null || value === undefined || !Number.isFinite(value)) return ABSENT;
  return new Intl.NumberFormat(locale(lang), { maximumFractionDigits: digits }).format(value);
}

/**
 * A length: metres below a kilometre, kilometres above, with as many digits as are meant.
 *
 * @param {number | null | undefined} metres
 * @param {Language} lang
 */
export function formatLength(metres, lang) {
  if (metres === null || metres === undefined || !Number.isFinite(metres)) return ABSENT;
  const [metre, kilometre] = lang === "zh" ? ["米", "公里"] : ["m", "km"];
  if (Math.round(metres) < 1000) return `${formatNumber(metres, lang, metres < 10 ? 1 : 0)} ${metre}`;
  return `${formatNumber(metres / 1000, lang, metres < 10000 ? 2 : metres < 1000000 ? 1 : 0)} ${kilometre}`;
}

/**
 * An area: square metres below a hectare's hundredfold, square kilometres above.
 *
 * @param {number | null | undefined} squareMetres
 * @param {Language} lang
 */
export function formatArea(squareMetres, lang) {
  if (squareMetres === null || squareMetres === undefined || !Number.isFinite(squareMetres)) return ABSENT;
  const [metre, kilometre] = lang === "zh" ? ["平方米", "平方公里"] : ["m²", "km²"];
  if (squareMetres < 100000) return `${formatNumber(squareMetres, lang)} ${metre}`;
  const square = squareMetres / 1e6;
  return `${formatNumber(square, lang, square < 10 ? 3 : square < 1000 ? 1 : 0)} ${kilometre}`;
}

/**
 * A share of one as a number of percent, without the sign. 100 and 0 stand for all and none alone: what is nearly all
 * reads 99.9 and what is hardly any 0.1.
 *
 * @param {number | null | undefined} share
 * @param {Language} lang
 * @param {number} [digits]
 */
export function formatPercent(share, lang, digits = 1) {
  if (share === null || share === undefined || !Number.isFinite(share)) return ABSENT;
  const step = 10 ** -digits;
  let percent = share * 100;
  if (share > 0 && percent < step) percent = step;
  if (share < 1 && percent > 100 - step) percent = 100 - step;
  return formatNumber(percent, lang, digits);
}

/**
 * A count of bytes.
 *
 * @param {number} bytes
 * @param {Language} lang
 */
export function formatBytes(bytes, lang) {
  if (bytes < 1024) return `${formatNumber(bytes, lang)} B`;
  if (bytes < 1024 ** 2) return `${formatNumber(bytes / 1024, lang)} KB`;
  return `${formatNumber(bytes / 1024 ** 2, lang, 1)} MB`;
}

/**
 * A day: 2022年12月31日, 31 December 2022.
 *
 * @param {string | null | undefined} day YYYY-MM-DD
 * @param {Language} lang
 */
export function formatDay(day, lang) {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(day ?? "");
  if (!match) return ABSENT;
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return new Intl.DateTimeFormat(locale(lang), { dateStyle: "long", timeZone: "UTC" }).format(date);
}

/**
 * A position in degrees, to about a metre.
 *
 * @param {number} lon
 * @param {number} lat
 */
export function formatPosition(lon, lat) {
  return `${lon.toFixed(5)}, ${lat.toFixed(5)}`;
}
