/**
 * The addresses that the page asks the API for. Pure: no DOM.
 *
 * @import { CoverageQuestion } from "../api.js"
 */

/**
 * A path with a query; what is empty or absent is left out.
 *
 * @param {string} path
 * @param {Record<string, string | number | null | undefined>} [given]
 */
export function address(path, given = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  const text = query.toString().replace(/%2C/g, ",");
  return text ? `${path}?${text}` : path;
}

/**
 * Where a layer's tiles are.
 *
 * @param {string} origin
 * @param {string} layer
 * @param {{ seq: number, asof: string | null }} register
 */
export function tileAddress(origin, layer, { seq, asof }) {
  return origin + address(`/tiles/${layer}/{z}/{x}/{y}.mvt`, { v: seq, asof });
}

/**
 * The coverage as asked for.
 *
 * @param {"" | "/outline" | ".xlsx" | ".shp.zip"} what
 * @param {CoverageQuestion} question
 * @param {string | null} asof
 */
export function coverageAddress(what, { kinds, distance, weight }, asof) {
  return address(`/api/coverage${what}`, { kinds: kinds.join(","), distance, weight, asof });
}

/**
 * An export of a layer.
 *
 * @param {string} layer
 * @param {{ format: string, crs: string, encoding: string, asof: string | null, classes: string[] | null,
 *           bbox: [number, number, number, number] | null }} wanted
 */
export function exportAddress(layer, wanted) {
  return address(`/api/export/${layer}`, exportQuery(wanted));
}

/**
 * The same as a job.
 *
 * @param {string} layer
 * @param {Parameters<typeof exportAddress>[1]} wanted
 */
export function exportJobAddress(layer, wanted) {
  return address("/api/exports", { layer, ...exportQuery(wanted) });
}

/** @param {Parameters<typeof exportAddress>[1]} wanted */
function exportQuery({ format, crs, encoding, asof, classes, bbox }) {
  return {
    format,
    crs,
    encoding: format === "shp" ? encoding : null,
    asof,
    class: classes ? classes.join(",") : null,
    bbox: bbox ? bbox.map((degree) => degree.toFixed(6)).join(",") : null,
  };
}

/**
 * The name that an answer proposes for its file.
 *
 * @param {string | null} disposition the Content-Disposition header
 * @param {string} otherwise
 */
export function fileName(disposition, otherwise) {
  const extended = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "");
  if (extended?.[1]) {
    try {
      return decodeURIComponent(extended[1]);
    } catch {
      return otherwise;
    }
  }
  return /filename="?([^";]+)"?/i.exec(disposition ?? "")?.[1] ?? otherwise;
}
