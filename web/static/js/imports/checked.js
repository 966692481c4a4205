/**
 * The third step: what the import would do, in figures, findings and changes.
 *
 * @import { Change, ImportWhole, Rule, Worded } from "./types.js"
 */
import { h, icon } from "../dom.js";
import { formatNumber } from "../logic/format.js";
import { lang, text } from "../page-data.js";
import { heading, notes } from "./found.js";

/**
 * @param {HTMLElement} step
 * @param {ImportWhole} data
 */
export function drawChecked(step, { plan, reports, checked, state, targets }) {
  step.hidden = !plan || state === "importing" || state === "imported";
  if (!plan) return;
  const { counts } = plan;
  const open = new Set([...step.querySelectorAll("details[open]")].map((each) => each.getAttribute("data-rule")));
  step.replaceChildren(
    heading("step-checked", 3, text("What the import would do")),
    ...[!checked && state === "unchecked" && h("p", { class: "note" }, text("This was found before the last changes to how the file is understood. Check it again."))].filter((each) => each instanceof Node),
    h(
      "dl",
      { class: "tally" },
      figure(text("new"), counts.new, "new"),
      figure(text("changed"), counts.changed, "changed"),
      figure(text("the same"), counts.same, "same"),
      figure(text("refused"), counts.refused, "refused"),
    ),
    notes([...plan.faults, ...plan.assumed]),
    findings(plan.rules, open, reports),
    changes(plan.changes, counts.changed, targets.length > 0),
  );
}

/** @param {string} label @param {number} count @param {string} kind */
const figure = (label, count, kind) => h("div", { class: "tally-part", "data-count": kind, "data-zero": !count }, h("dt", { class: "small quiet" }, label), h("dd", { class: "figure-value figures" }, formatNumber(count, lang)));

/** @param {Rule[]} rules @param {Set<string | null>} open @param {Record<string, string>} reports */
function findings(rules, open, reports) {
  if (!rules.length) return h("p", { class: "import-fine" }, icon("check"), text("No findings."));
  const links = Object.entries(reports).map(([ending, href]) => h("a", { class: "button button-small", href, download: true }, icon("export"), h("span", {}, ending.toUpperCase())));
  return h(
    "div",
    { class: "import-findings" },
    h("div", { class: "import-line-head" }, h("h3", { class: "section-title" }, text("Findings")), h("p", { class: "actions" }, h("span", { class: "small quiet" }, text("All of them:")), links)),
    rules.map((rule) => group(rule, open)),
  );
}

/** @param {Rule} rule @param {Set<string | null>} open */
function group({ rule, severity, count, rows }, open) {
  const key = `${severity}:${rule}`;
  const first = rows[0];
  const badge = { error: text("error"), warning: text("look at it"), info: text("to know") }[severity];
  return h(
    "details",
    { class: "finding", "data-rule": key, "data-severity": severity, open: open.has(key) || severity === "error" },
    h(
      "summary",
      {},
      h("span", { class: `badge ${severity === "error" ? "badge-danger" : severity === "warning" ? "badge-warning" : ""}` }, badge),
      h("span", { class: "finding-words" }, first?.text ?? rule),
      h("span", { class: "figures quiet" }, formatNumber(count, lang)),
    ),
    h(
      "div",
      { class: "scroll-x finding-rows", tabindex: 0, role: "region", "aria-label": first?.text ?? rule },
      h(
        "table",
        { class: "table" },
        h("thead", {}, h("tr", {}, findingTitles().map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, rows.map(line)),
      ),
    ),
    h("p", { class: "small quiet", hidden: count <= rows.length }, text("%(count)s more are in the report.", { count: formatNumber(count - rows.length, lang) })),
  );
}

const findingTitles = () => [text("Row"), text("Field"), text("Value"), text("What is wrong"), text("What to do")];

/** @param {Worded} noted */
function line({ row, field_title: field, heading: column, value, text: said, advice }) {
  const named = field && column && field !== column ? `${field} (${column})` : field || column || "";
  const [rowTitle, fieldTitle, valueTitle, saidTitle, adviceTitle] = findingTitles();
  return h(
    "tr",
    {},
    h("td", { class: "figures", "data-title": rowTitle }, row ?? "–"),
    h("td", { "data-title": fieldTitle }, named),
    h("td", { class: "import-value", "data-title": valueTitle }, value ?? ""),
    h("td", { "data-title": saidTitle }, said),
    h("td", { "data-title": adviceTitle }, advice),
  );
}

/** @param {Change[]} changed @param {number} records @param {boolean} known */
function changes(changed, records, known) {
  if (!changed.length || !known) return h("div", { hidden: true });
  return h(
    "details",
    { class: "finding", "data-rule": "changes" },
    h("summary", {}, h("span", { class: "finding-words" }, text("What would change in records that are there")), h("span", { class: "figures quiet" }, formatNumber(records, lang))),
    h(
      "div",
      { class: "scroll-x", tabindex: 0, role: "region", "aria-label": text("What would change in records that are there") },
      h(
        "table",
        { class: "table" },
        h("thead", {}, h("tr", {}, [text("Row"), text("Record"), text("Field"), text("Now"), text("Then")].map((name) => h("th", { scope: "col" }, name)))),
        h(
          "tbody",
          {},
          changed.map((change) =>
            h("tr", {}, h("td", { class: "figures" }, change.row), h("td", {}, change.label), h("td", {}, change.field_title), h("td", { class: "import-value import-before" }, change.before || "–"), h("td", { class: "import-value" }, change.after || "–")),
          ),
        ),
      ),
    ),
  );
}
