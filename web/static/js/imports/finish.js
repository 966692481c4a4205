/**
 * The last step: import, or what to do first; and what has been imported.
 *
 * @import { ImportWhole } from "./types.js"
 */
import { button, h, icon } from "../dom.js";
import { formatNumber } from "../logic/format.js";
import { lang, text } from "../page-data.js";
import { heading } from "./found.js";

/**
 * @param {HTMLElement} step
 * @param {ImportWhole} data
 * @param {{ begin: (why: string) => void, check: () => void }} act
 */
export function drawFinish(step, data, act) {
  const { state, plan, apply, checked } = data;
  step.hidden = !plan || state === "checking" || state === "importing" || state === "faulty";
  if (!plan || step.hidden) return;
  const typed = step.querySelector("input")?.value ?? "";
  const failed = apply?.error && state !== "imported" ? h("p", { class: "note note-danger", role: "alert" }, apply.error.detail, " ", apply.error.hint) : null;
  step.replaceChildren(heading("step-finish", 4, text("Import")), ...(failed ? [failed] : []), ...content());

  function content() {
    if (state === "imported") return imported(data);
    if (!checked) return [h("p", {}, text("Check the file as it is understood now; then it can be imported."))];
    if (!plan) return [];
    if (plan.unnamed) return [h("p", { id: "import-unnamed" }, text("Say in step 2 which columns give what is missing; then check again."))];
    if (plan.blocked) return [h("p", {}, blocked(plan.counts.refused)), h("p", { class: "actions" }, h("a", { class: "button", href: "/imports" }, icon("upload"), h("span", {}, text("Send the mended file"))))];
    if (plan.empty) return [h("p", { class: "import-fine", id: "import-nothing" }, icon("check"), text("Nothing would change: the register has all of it already."))];
    const why = h("input", { class: "input", id: "import-why", maxlength: 200, placeholder: data.name, value: typed });
    const count = plan.counts.new + plan.counts.changed;
    const go = button(text("Import (%(count)s)", { count: formatNumber(count, lang) }), {
      kind: "main",
      id: "import-go",
      onclick: () => {
        go.disabled = true;
        act.begin(why.value.trim());
      },
    });
    return [
      h("div", { class: "field" }, h("label", { for: "import-why" }, text("Reason, for the history")), why),
      h("p", { class: "actions" }, go),
      h("p", { class: "small quiet" }, text("All of it is written, or nothing. It can be undone as a whole.")),
    ];
  }
}

/** @param {number} refused */
function blocked(refused) {
  if (!refused) return text("The file as a whole is doubtful. Change how it is understood, or accept it; then check again.");
  return text("Rows refused: %(count)s. Nothing is imported; mend them and send the file again.", { count: formatNumber(refused, lang) });
}

/** @param {ImportWhole} data @returns {HTMLElement[]} */
function imported({ counts, records, empty, apply }) {
  if (empty || !counts || !(counts.new + counts.changed)) {
    return [h("p", { class: "import-fine", id: "import-nothing" }, icon("check"), text("Nothing has changed: the register had all of it already."))];
  }
  const said = text("Imported: %(new)s new, %(changed)s changed.", { new: formatNumber(counts.new, lang), changed: formatNumber(counts.changed, lang) });
  return [
    h("p", { class: "import-fine", id: "import-done", role: "status" }, icon("check"), said),
    h("p", { class: "actions" }, h("a", { class: "button button-main", href: onMap(records[0]) }, h("span", {}, text("Show on the map"))), h("a", { class: "button", href: `/history?batch=${apply?.uuid}` }, h("span", {}, text("What it changed, and undoing it"))), h("a", { class: "button", href: "/imports" }, h("span", {}, text("Next file")))),
    h("ul", { class: "import-records", hidden: records.length < 2 }, records.map((record) => h("li", {}, h("a", { href: onMap(record) }, record.label || record.uuid)))),
  ];
}

/** @param {ImportWhole["records"][number] | undefined} record */
const onMap = (record) => (record ? `/?pick=${record.layer}:${record.uuid}` : "/");
