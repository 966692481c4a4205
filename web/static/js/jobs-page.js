/** The page of jobs: a row for each, live. */
import { byId } from "./dom.js";
import { mountBanner } from "./status.js";
import { jobRow } from "./jobs/row.js";
import { watchJobs } from "./jobs/watching.js";

mountBanner();
const list = byId("jobs");
const withName = list.hasAttribute("data-everybody");
/** @type {Map<string, ReturnType<typeof jobRow>>} */
const rows = new Map();

const watch = watchJobs((jobs) => {
  for (const job of jobs) {
    const row = rows.get(job.uuid);
    if (row) row.update(job);
    else rows.set(job.uuid, jobRow(job, { withName, look: () => watch.look() }));
  }
  // only rows that are not where they belong are moved: what has the focus keeps it
  jobs.forEach((job, place) => {
    const element = rows.get(job.uuid)?.element;
    if (element && list.children[place] !== element) list.insertBefore(element, list.children[place] ?? null);
  });
  byId("jobs-empty").hidden = jobs.length > 0;
  byId("jobs-wait").hidden = true;
  document.documentElement.classList.add("is-ready");
});
