/** How near a division is looked at: its point alone does not say how large it is. Pure: no DOM. */

/** @type {Readonly<Record<string, number>>} */
const ZOOMS = { city: 8.2, county: 9.8, town: 11.8, village: 14 };

/**
 * The zoom for a division; undefined for all other features.
 *
 * @param {string} layer
 * @param {unknown} level
 * @returns {number | undefined}
 */
export function levelZoom(layer, level) {
  return layer === "divisions" ? ZOOMS[String(level)] : undefined;
}
