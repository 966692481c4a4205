/**
 * What is being done with the file now, or why it could not be.
 *
 * @import { Fault, Job } from "../jobs/types.js"
 */
import { button, h, icon } from "../dom.js";
import { faultText, send } from "../fetching.js";
import { formatPercent } from "../logic/format.js";
import { lang, text } from "../page-data.js";

/**
 * @param {HTMLElement} step
 * @param {Job | null} job
 * @param {Fault | null} fault
 * @param {() => void} again
 */
export function drawGoing(step, job, fault, again) {
  step.hidden = !job && !fault;
  if (job) {
    const wrong = h("p", { class: "note note-danger", role: "alert", hidden: true });
    const stop = button(text("Cancel"), {
      small: true,
      disabled: job.cancelling,
      onclick: async () => {
        stop.disabled = true;
        try {
          await send(`/api/jobs/${job.uuid}/cancel`);
          again();
        } catch (error) {
          wrong.textContent = faultText(error);
          wrong.hidden = false;
        }
      },
    });
    const said = job.cancelling ? text("Being cancelled …") : job.phase || (job.state === "queued" ? text("Waiting for its turn …") : text("Preparing …"));
    const focused = step.contains(document.activeElement);
    step.replaceChildren(
      h(
        "div",
        { class: "job-going" },
        h("p", { class: "upload-line" }, h("span", { class: "spinner" }), h("span", {}, job.title), stop),
        h("progress", { max: 1, value: job.share, "aria-label": job.title }),
        h("p", { class: "small quiet job-phase" }, h("span", {}, said), h("span", { class: "figures" }, `${formatPercent(job.share, lang, 0)} %`)),
      ),
      wrong,
    );
    if (focused) stop.focus();
  } else if (fault) {
    step.replaceChildren(
      h("p", { class: "note note-danger import-fault" }, icon("warning"), h("span", {}, fault.detail, " ", fault.hint)),
      h("p", { class: "actions" }, h("a", { class: "button", id: "import-mended", href: "/imports" }, icon("upload"), h("span", {}, text("Send the mended file")))),
    );
  }
}
