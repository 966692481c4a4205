/**
 * The page of changes: taking one back, after a word why; what stands in the way is told field by field.
 *
 * @import { Job } from "./jobs/types.js"
 */
import { mountDialogs } from "./dialogs.js";
import { byId, h } from "./dom.js";
import { Fault, faultText, send } from "./fetching.js";
import { followJob } from "./jobs/watching.js";
import { text } from "./page-data.js";

/**
 * @typedef {{ title: string, before: string, after: string }} ClashField
 * @typedef {{ label: string, gone: boolean, moved: boolean, fields: ClashField[] }} Clash
 */

mountDialogs();
const dialog = byId("undo", HTMLDialogElement);
const why = byId("undo-why", HTMLInputElement);
const go = byId("undo-do", HTMLButtonElement);
let path = "";

document.addEventListener("click", (event) => {
  const opener = event.target instanceof Element ? event.target.closest("[data-undo]") : null;
  if (!opener) return;
  path = opener.getAttribute("data-undo") ?? "";
  byId("undo-what").textContent = opener.getAttribute("data-what");
  byId("undo-fault").replaceChildren();
  why.value = "";
  go.disabled = false;
  dialog.showModal();
  why.focus();
});

why.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    go.click();
  }
});

go.addEventListener("click", async () => {
  go.disabled = true;
  try {
    const answer = await send(path, { body: { why: why.value } });
    if (answer.status === 202) await follow(await answer.json());
    location.reload();
  } catch (error) {
    go.disabled = false;
    const clashes = error instanceof Fault ? /** @type {Clash[]} */ (error.problem.clashes ?? []) : [];
    byId("undo-fault").replaceChildren(h("p", { class: "note note-danger" }, faultText(error)), clashes.length ? h("ul", { class: "clashes" }, clashes.map(clashItem)) : "");
  }
});

/**
 * A large batch is taken back by the worker.
 *
 * @param {Job} begun
 */
async function follow(begun) {
  const bar = h("progress", { max: 1 });
  byId("undo-fault").replaceChildren(bar, h("p", { class: "hint" }, text("This takes a while. It goes on if you leave; the page of jobs shows it.")));
  const job = await followJob(begun.uuid, ({ share }) => {
    bar.value = share;
  });
  if (job.state !== "done") throw new Fault({ title: job.error?.detail ?? job.state_title, detail: "", hint: job.error?.hint ?? "", status: 500 });
}

/** @param {Clash} clash */
function clashItem({ label, gone, moved, fields }) {
  return h(
    "li",
    {},
    h("strong", {}, label),
    gone && h("p", { class: "small" }, text("It is not there any more, or there again.")),
    moved && h("p", { class: "small" }, text("It has been moved since.")),
    fields.map((field) => h("p", { class: "small" }, `${field.title}: `, h("del", {}, field.before || "–"), " → ", h("strong", {}, field.after || "–"))),
  );
}
