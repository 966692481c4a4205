/** A scale bar of a round length. Pure: no DOM. */

/**
 * The longest bar of 1, 2 or 5 times a power of ten metres that fits.
 *
 * @param {number} metres how long the room for the bar is on the ground
 * @param {number} room in pixels
 * @returns {{ metres: number, pixels: number }}
 */
export function scaleBar(metres, room) {
  const power = 10 ** Math.floor(Math.log10(metres));
  const round = [5, 2, 1].map((step) => step * power).find((length) => length <= metres) ?? power;
  return { metres: round, pixels: Math.round((round / metres) * room) };
}
