/**
 * Jobs as a list that grows and changes. Pure: no DOM.
 *
 * @import { Language } from "../api.js"
 * @import { Job } from "../jobs/types.js"
 */

/** How often to ask while something runs, and while nothing does, in milliseconds. */
export const BUSY = 700;
export const QUIET = 5000;

/**
 * The jobs known so far with those that have changed, newest first.
 *
 * @param {Job[]} known
 * @param {Job[]} changed
 */
export function merged(known, changed) {
  const all = new Map(known.map((job) => [job.uuid, job]));
  for (const job of changed) all.set(job.uuid, job);
  return [...all.values()].sort((one, other) => (one.created < other.created ? 1 : one.created > other.created ? -1 : 0));
}

/** @param {Job[]} jobs */
export const pace = (jobs) => (jobs.some((job) => job.open) ? BUSY : QUIET);

/**
 * How long something took or has been going on: 8 s, 3 min 20 s, 2 h 5 min.
 *
 * @param {string | null} from UTC, ISO
 * @param {string | null} to null: until now
 * @param {Language} lang
 * @param {number} [now] milliseconds, for tests
 */
export function duration(from, to, lang, now = Date.now()) {
  if (!from) return "";
  const seconds = Math.max(0, Math.round(((to ? Date.parse(to) : now) - Date.parse(from)) / 1000));
  const [h, m, s] = lang === "zh" ? ["小时", "分", "秒"] : ["h", "min", "s"];
  const space = lang === "zh" ? "" : " ";
  const parts = [
    [Math.floor(seconds / 3600), h],
    [Math.floor(seconds / 60) % 60, m],
    [seconds % 60, s],
  ];
  const first = parts.findIndex(([count]) => count);
  if (first < 0) return `0${space}${s}`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count)
    .map(([count, unit]) => `${count}${space}${unit}`)
    .join(space);
}
