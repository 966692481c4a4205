/** The page of the five-year plan: a new round is made here. */
import { byId } from "../dom.js";
import { createForm } from "../editing/form.js";
import { send } from "../fetching.js";
import { changedValues } from "../logic/editing.js";
import { openForm } from "../names/dialog.js";
import { text } from "../page-data.js";
import { drawBars } from "./bars.js";
import { linesChoice } from "./lines-choice.js";

/** @typedef {import("./lines-choice.js").Choosable & { due: number | null }} PlanLine */

const page = JSON.parse(byId("rounds").textContent || "{}");
/** @type {PlanLine[]} */
const lines = page.lines;
drawBars();
document.getElementById("round-add")?.addEventListener("click", open);
document.documentElement.classList.add("is-ready");

/** What nobody has planned yet and is due comes checked. */
function open() {
  const year = new Date().getFullYear();
  const record = { year, kind: "regular" };
  const form = createForm({ fields: page.fields, folded: ["note"], label: "title" }, record, { onInput: () => {}, prefix: "round" });
  const choice = linesChoice(lines, { id: "round-lines", chosen: ({ standing }) => standing === "overdue" || standing === "due" || standing === "never" });
  openForm("round-form", text("New round"), [form.element, choice.element], {
    action: text("Save"),
    onStale: () => location.reload(),
    onFindings: (findings) => form.show(findings),
    async onSend() {
      form.show([]);
      const values = { ...record, ...changedValues(page.fields, record, form.texts()) };
      const answer = await (await send("/api/rounds", { body: { values, lines: choice.chosen() } })).json();
      location.assign(`/rounds/${answer.uuid}`);
      return true;
    },
  });
  form.focus();
}
