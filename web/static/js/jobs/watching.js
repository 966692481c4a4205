/**
 * Asking how jobs are: often while one runs, now and then while none does, not at all while nobody looks.
 *
 * @import { Job, JobsAnswer } from "./types.js"
 */
import { askJson, isAbort } from "../fetching.js";
import { merged, pace, QUIET } from "../logic/jobs.js";

/**
 * Watches one's jobs.
 *
 * @param {(jobs: Job[]) => void} show called when something has changed
 * @returns {{ look: () => void }} `look` asks at once
 */
export function watchJobs(show) {
  /** @type {Job[]} */
  let jobs = [];
  let seq = -1;
  let timer = 0;

  async function look() {
    clearTimeout(timer);
    let wait = QUIET;
    try {
      /** @type {JobsAnswer} */
      const answer = await askJson(seq < 0 ? "/api/jobs" : `/api/jobs?after=${seq}`);
      const isNew = seq < 0 || answer.jobs.length > 0;
      seq = answer.seq;
      jobs = merged(jobs, answer.jobs);
      if (isNew) show(jobs);
      wait = pace(jobs);
    } catch {
      // the banner says that the server is gone; the next look may find it back
    }
    clearTimeout(timer);
    if (document.visibilityState === "visible") timer = window.setTimeout(look, wait);
  }

  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  look();
  return { look };
}

/**
 * Waits for the end of one job.
 *
 * @param {string} uuid
 * @param {(job: Job) => void} show called with each state of it
 * @param {{ signal?: AbortSignal, pace?: number }} [options]
 * @returns {Promise<Job>} the job, ended
 */
export async function followJob(uuid, show, { signal, pace: every = 700 } = {}) {
  for (;;) {
    try {
      /** @type {Job} */
      const job = await askJson(`/api/jobs/${uuid}`, { signal });
      show(job);
      if (!job.open) return job;
    } catch (error) {
      const gone = error instanceof Error && "gone" in error && error.gone;
      if (isAbort(error) || !gone) throw error;
    }
    await new Promise((next) => setTimeout(next, every));
    signal?.throwIfAborted();
  }
}
