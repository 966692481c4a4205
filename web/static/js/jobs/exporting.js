/**
 * An export that takes long, made by the worker.
 *
 * @import { Job } from "./types.js"
 */
import { Fault, send } from "../fetching.js";
import { exportJobAddress } from "../logic/queries.js";
import { followJob } from "./watching.js";

/**
 * Has an export made and waits for it.
 *
 * @param {string} layer
 * @param {Parameters<typeof exportJobAddress>[1]} wanted
 * @param {{ signal: AbortSignal, onProgress: (job: Job) => void }} options when aborted, the job itself goes on
 * @returns {Promise<string>} the file's address
 */
export async function exportedByJob(layer, wanted, { signal, onProgress }) {
  /** @type {Job} */
  const begun = await (await send(exportJobAddress(layer, wanted), { signal })).json();
  const job = await followJob(begun.uuid, onProgress, { signal });
  if (job.state === "done") return `/api/exports/${job.uuid}/file`;
  throw new Fault({ title: job.error?.detail ?? job.state_title, detail: "", hint: job.error?.hint ?? "", status: 500 });
}
