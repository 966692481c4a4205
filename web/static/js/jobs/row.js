/**
 * One job as a row: what it is, how far, what came of it. The row stays while its job changes, so that no button is
 * taken away under a finger and no focus is lost.
 *
 * @import { Job } from "./types.js"
 */
import { button, h, icon } from "../dom.js";
import { askJson, faultText, send } from "../fetching.js";
import { formatBytes, formatPercent } from "../logic/format.js";
import { duration } from "../logic/jobs.js";
import { lang, text } from "../page-data.js";

const BADGES = { queued: "", running: "badge-accent", done: "badge-good", failed: "badge-danger", cancelled: "", lost: "badge-danger" };
const MOMENT = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });

/**
 * @param {Job} first
 * @param {{ withName?: boolean, look: () => void }} options
 */
export function jobRow(first, { withName = false, look }) {
  let job = first;
  const badge = h("span", { class: "badge" });
  const bar = h("progress", { max: 1 });
  const phase = h("span", {});
  const share = h("span", { class: "figures" });
  const going = h("div", { class: "job-going" }, bar, h("p", { class: "small quiet job-phase" }, phase, share));
  const about = h("p", { class: "small quiet" });
  const said = h("div", { class: "job-said" });
  const complaint = h("p", { class: "note note-danger", role: "alert", hidden: true });
  const cancel = button(text("Cancel"), { small: true, onclick: stop });
  const log = h("ol", { class: "job-log small" });
  const details = h("details", { class: "job-details", ontoggle: fetchLog }, h("summary", { class: "small quiet" }, text("Log")), log);
  const title = h("h2", { class: "job-title", id: `job-${job.uuid}` });
  const element = h(
    "li",
    { class: "card job", "data-job": job.uuid, "aria-labelledby": `job-${job.uuid}` },
    h("div", { class: "job-head" }, h("div", {}, title, about), badge, cancel),
    going,
    said,
    complaint,
    details,
  );

  function draw() {
    title.textContent = [job.title, job.about].filter(Boolean).join(" · ");
    const took = job.started ? duration(job.started, job.ended, lang) : "";
    about.textContent = [withName ? job.who : "", MOMENT.format(new Date(job.created)), took].filter(Boolean).join(" · ");
    badge.className = `badge ${BADGES[job.state]}`;
    badge.textContent = job.state_title;
    element.dataset.state = job.state;
    going.hidden = job.state !== "running";
    bar.value = job.share;
    bar.setAttribute("aria-label", title.textContent);
    phase.textContent = job.cancelling ? text("Being cancelled …") : job.phase || text("Preparing …");
    share.textContent = `${formatPercent(job.share, lang, 0)} %`;
    cancel.hidden = !job.open;
    cancel.disabled = job.cancelling;
    said.replaceChildren(...words());
  }

  /** @returns {Node[]} */
  function words() {
    const { error } = job;
    return [
      job.result && h("p", {}, job.result),
      error && h("p", { class: "note note-danger" }, [error.detail, error.hint].filter(Boolean).join(" ")),
      job.links.length > 0 && h("p", { class: "job-links" }, job.links.map(link)),
    ].filter((part) => part instanceof Node);
  }

  async function stop() {
    cancel.disabled = true;
    complaint.hidden = true;
    try {
      job = await (await send(`/api/jobs/${job.uuid}/cancel`)).json();
      draw();
      look();
    } catch (error) {
      cancel.disabled = false;
      complaint.textContent = faultText(error);
      complaint.hidden = false;
    }
  }

  async function fetchLog() {
    if (!details.open) return;
    try {
      /** @type {Job} */
      const found = await askJson(`/api/jobs/${job.uuid}`);
      const lines = found.log ?? [];
      log.replaceChildren(
        ...(lines.length
          ? lines.map((line) => h("li", {}, h("time", { datetime: line.at, class: "quiet" }, new Date(line.at).toLocaleTimeString(lang)), ` ${line.text}`))
          : [h("li", { class: "quiet" }, text("Nothing was noted."))]),
      );
    } catch (error) {
      log.replaceChildren(h("li", {}, faultText(error)));
    }
  }

  draw();
  return {
    element,
    /** @param {Job} next */
    update(next) {
      job = next;
      draw();
      if (details.open) fetchLog();
    },
  };
}

/** @param {Job["links"][number]} link */
function link({ href, title, size, file }) {
  if (!href) return h("span", { class: "quiet" }, title);
  const words = [title, size !== undefined && `(${formatBytes(size, lang)})`].filter(Boolean).join(" ");
  return h("a", { class: "button button-small", href, download: file && title }, file && icon("export"), h("span", {}, words));
}
