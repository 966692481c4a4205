/**
 * The page of one round: its lines on a map in the colour of their state, and what those who plan it change.
 *
 * @import { FormField } from "../api.js"
 */
import { reload, tellSaved } from "../boundaries/saved.js";
import { button, byId, h } from "../dom.js";
import { createForm } from "../editing/form.js";
import { Fault, send } from "../fetching.js";
import { changedValues } from "../logic/editing.js";
import { openForm, reasonField } from "../names/dialog.js";
import { text } from "../page-data.js";
import { linesChoice } from "./lines-choice.js";
import { mountRoundMap } from "./round-map.js";

/** @typedef {{ uuid: string, version: number, name: string, code: string, state: string, lead: string, lead_name: string, partner: string, partner_name: string, actions: { key: string, title: string }[], lead_surveyors: string[], partner_surveyors: string[], [field: string]: unknown }} Task */

const NEEDS_REASON = ["cancel", "resume"];
const page = JSON.parse(byId("rounds").textContent || "{}");
const { round } = page;
const place = { layer: "boundary-lines", uuid: round.uuid };
tellSaved(byId("said"), place);
if (page.mayEdit) mountChanges();
mountRoundMap(byId("map"), page.shapes).catch(() => byId("map").replaceChildren(text("The map cannot be drawn here.")));
document.documentElement.classList.add("is-ready");

function mountChanges() {
  byId("round-change").addEventListener("click", changeRound);
  byId("round-remove").addEventListener("click", removeRound);
  byId("lines-add").addEventListener("click", addLines);
  for (const row of document.querySelectorAll("[data-task]")) {
    const task = /** @type {Task[]} */ (round.tasks).find(({ uuid }) => uuid === row.getAttribute("data-task"));
    if (!task) continue;
    const label = (/** @type {string} */ words) => `${words}: ${task.name}`;
    row.querySelector(".round-actions")?.append(
      ...task.actions.map(({ key, title }) => button(title, { small: true, kind: key === "begin" || key === "finish" ? "main" : "plain", "data-action": key, "aria-label": label(title), onclick: () => lead(task, key, title) })),
      button(text("Change"), { small: true, kind: "plain", icon: "edit", "aria-label": label(text("Change")), onclick: () => changeTask(task) }),
      ...(task.state === "planned" ? [button(text("Remove"), { small: true, kind: "plain", icon: "trash", "aria-label": label(text("Remove")), onclick: () => removeTask(task) })] : []),
    );
  }
}

/** @param {Response} response */
async function saved(response) {
  const { seq, batch } = await response.json();
  reload({ ...place, seq, batch });
  return true;
}

const onStale = () => location.reload();

/** @param {string} id @param {string} heading @param {FormField[]} fields @param {Record<string, unknown>} record @param {string} path @param {number} version @param {string[]} folded */
function openFields(id, heading, fields, record, path, version, folded) {
  const form = createForm({ fields, folded, label: fields[0]?.name ?? "" }, record, { onInput: () => {}, prefix: id });
  const why = reasonField(`${id}-why`);
  openForm(id, heading, [form.element, why.element], {
    action: text("Save"),
    onStale,
    onFindings: (findings) => form.show(findings),
    async onSend() {
      form.show([]);
      const values = changedValues(fields, record, form.texts());
      if (!Object.keys(values).length) return true;
      return saved(await send(path, { method: "PUT", body: { values, version, why: why.input.value } }));
    },
  });
  form.focus();
}

function changeRound() {
  openFields("round-form", text("Change “%(name)s”", { name: round.title }), page.roundFields, round, `/api/rounds/${round.uuid}`, round.version, ["note"]);
}

/** @param {Task} task */
function changeTask(task) {
  const sides = [
    { key: task.lead, title: { zh: task.lead_name, en: task.lead_name } },
    { key: task.partner, title: { zh: task.partner_name, en: task.partner_name } },
  ];
  const fields = /** @type {FormField[]} */ (page.taskFields).map((field) => (field.name === "lead_side" ? { ...field, choices: sides } : field));
  const record = { ...task, lead_side: task.lead, lead_surveyors: task.lead_surveyors.join("、"), partner_surveyors: task.partner_surveyors.join("、") };
  openFields("task-form", text("Change “%(name)s”", { name: task.name }), fields, record, `/api/rounds/tasks/${task.uuid}`, task.version, []);
}

/** @param {string} id @param {string} heading @param {string} action @param {boolean} needed @param {(why: string) => Promise<Response>} go @param {string} [hint] */
function openReason(id, heading, action, needed, go, hint) {
  const why = reasonField(`${id}-why`);
  openForm(id, heading, [hint ? h("p", { class: "hint" }, hint) : null, why.element], {
    action,
    onStale,
    async onSend() {
      if (needed && !why.input.value.trim()) throw new Fault({ title: text("Say for what reason."), detail: "", hint: "", status: 0 });
      return saved(await go(why.input.value));
    },
  });
  why.input.focus();
}

/** @param {Task} task @param {string} action @param {string} title */
function lead(task, action, title) {
  openReason("task-step", `${title}: ${task.name}`, title, NEEDS_REASON.includes(action), (why) =>
    send(`/api/rounds/tasks/${task.uuid}/step`, { body: { action, version: task.version, why } }),
  );
}

/** @param {Task} task */
function removeTask(task) {
  openReason("task-removal", text("Remove “%(name)s”", { name: task.name }), text("Remove"), false, (why) =>
    send(`/api/rounds/tasks/${task.uuid}`, { method: "DELETE", body: { version: task.version, why } }),
  );
}

function removeRound() {
  const why = reasonField("round-removal-why");
  openForm("round-removal", text("Remove “%(name)s”", { name: round.title }), [h("p", { class: "hint" }, text("A round of which nothing has begun goes with its lines' tasks.")), why.element], {
    action: text("Remove"),
    onStale,
    async onSend() {
      await send(`/api/rounds/${round.uuid}`, { method: "DELETE", body: { version: round.version, why: why.input.value } });
      location.assign("/rounds");
      return true;
    },
  });
  why.input.focus();
}

function addLines() {
  const choice = linesChoice(page.lines, { id: "lines-filter" });
  openForm("lines-form", text("Add lines"), [choice.element], {
    action: text("Add"),
    onStale,
    onSend: async () => saved(await send(`/api/rounds/${round.uuid}/lines`, { body: { lines: choice.chosen() } })),
  });
}
