/**
 * Distances and areas on the ellipsoid of CGCS2000. Pure: no DOM.
 *
 * A screen map stretches lengths by a quarter at this latitude, so nothing is ever measured on the screen.
 */

/** The ellipsoid of CGCS2000: semi-major axis in metres and flattening. */
const A = 6378137;
const F = 1 / 298.257222101;
const B = A * (1 - F);
const E2 = F * (2 - F);

const radians = (/** @type {number} */ degrees) => (degrees * Math.PI) / 180;

/** @typedef {[number, number]} Position longitude and latitude in degrees */

/**
 * The length of the geodesic between two positions in metres.
 *
 * Source: T. Vincenty, Direct and inverse solutions of geodesics on the ellipsoid, Survey Review 23 (1975), good to a
 * millimetre. It does not converge for nearly antipodal points, where half the meridian's length is given: no map of a
 * city measures across the earth.
 *
 * @param {Position} from
 * @param {Position} to
 */
export function distance([lon1, lat1], [lon2, lat2]) {
  const l = radians(lon2 - lon1);
  const u1 = Math.atan((1 - F) * Math.tan(radians(lat1)));
  const u2 = Math.atan((1 - F) * Math.tan(radians(lat2)));
  const [sinU1, cosU1, sinU2, cosU2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = l;
  for (let round = 0; round < 200; round += 1) {
    const [sinL, cosL] = [Math.sin(lambda), Math.cos(lambda)];
    const sinS = Math.hypot(cosU2 * sinL, cosU1 * sinU2 - sinU1 * cosU2 * cosL);
    if (sinS === 0) return 0;
    const cosS = sinU1 * sinU2 + cosU1 * cosU2 * cosL;
    const sigma = Math.atan2(sinS, cosS);
    const sinAlpha = (cosU1 * cosU2 * sinL) / sinS;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cos2M = cos2Alpha === 0 ? 0 : cosS - (2 * sinU1 * sinU2) / cos2Alpha;
    const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const before = lambda;
    lambda = l + (1 - c) * F * sinAlpha * (sigma + c * sinS * (cos2M + c * cosS * (2 * cos2M ** 2 - 1)));
    if (Math.abs(lambda - before) > 1e-12) continue;
    const uu = (cos2Alpha * (A ** 2 - B ** 2)) / B ** 2;
    const a = 1 + (uu / 16384) * (4096 + uu * (-768 + uu * (320 - 175 * uu)));
    const b = (uu / 1024) * (256 + uu * (-128 + uu * (74 - 47 * uu)));
    const inner = (b / 6) * cos2M * (4 * sinS ** 2 - 3) * (4 * cos2M ** 2 - 3);
    const correction = b * sinS * (cos2M + (b / 4) * (cosS * (2 * cos2M ** 2 - 1) - inner));
    return B * a * (sigma - correction);
  }
  return Math.PI * B;
}

/**
 * The length of a line of geodesics in metres; 0 for fewer than two positions.
 *
 * @param {Position[]} line
 */
export function lineLength(line) {
  let sum = 0;
  for (let i = 1; i < line.length; i += 1) sum += distance(/** @type {Position} */ (line[i - 1]), /** @type {Position} */ (line[i]));
  return sum;
}

/**
 * The area within a ring in square metres, whichever way round and closed or not; 0 for fewer than three positions.
 *
 * The ring is carried to the sphere of the same area by authalic latitude, where the excess of each trapezoid between an
 * edge and the equator is exact (J. P. Snyder, Map projections: a working manual, 1987, eqs 3-11 and 3-12; spherical
 * excess after Bevis and Cambareri 1987). Edges are great circles of that sphere: against geodesics that is about one
 * part in 10^5 at the size of a county.
 *
 * @param {Position[]} ring
 */
export function ringArea(ring) {
  if (ring.length < 3) return 0;
  let excess = 0;
  for (let i = 0; i < ring.length; i += 1) {
    const [lon1, lat1] = /** @type {Position} */ (ring[i]);
    const [lon2, lat2] = /** @type {Position} */ (ring[(i + 1) % ring.length]);
    const tan1 = Math.tan(authalic(lat1) / 2);
    const tan2 = Math.tan(authalic(lat2) / 2);
    const half = Math.tan(radians(lon2 - lon1) / 2);
    excess += 2 * Math.atan2(half * (tan1 + tan2), 1 + tan1 * tan2);
  }
  return Math.abs(excess) * RADIUS2;
}

const E = Math.sqrt(E2);
/** @param {number} sine of the geodetic latitude */
const q = (sine) => (1 - E2) * (sine / (1 - E2 * sine ** 2) - Math.log((1 - E * sine) / (1 + E * sine)) / (2 * E));
const Q_POLE = q(1);
/** The square of the radius of the sphere that has the ellipsoid's area. */
const RADIUS2 = (A ** 2 * Q_POLE) / 2;

/** @param {number} lat degrees @returns {number} authalic latitude in radians */
function authalic(lat) {
  return Math.asin(Math.max(-1, Math.min(1, q(Math.sin(radians(lat))) / Q_POLE)));
}
