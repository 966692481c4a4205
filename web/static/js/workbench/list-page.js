/**
 * The worklist: filters with counts, findings with what is proposed, the check of all names, batches.
 *
 * @import { Choice, Filters, RuleChoice, WorkFinding, WorklistAnswer } from "./types.js"
 */
import { mountDialogs } from "../dialogs.js";
import { button, byId, h, icon } from "../dom.js";
import { askJson, faultText, isAbort, send } from "../fetching.js";
import { followJob } from "../jobs/watching.js";
import { formatNumber } from "../logic/format.js";
import { addressOf, filtersOf, recordsOf, toggled } from "../logic/worklist.js";
import { lang, text } from "../page-data.js";
import { mountBanner } from "../status.js";
import { mountBatch } from "./batch.js";
import { inShort } from "./proposal.js";
import { remember } from "./queue.js";

const PAGE = 50;
const TYPED = 250;
const MOMENT = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
const number = (/** @type {number} */ value) => formatNumber(value, lang);

mountBanner();
mountDialogs();
let filters = filtersOf(location.search);
/** @type {WorkFinding[]} */
let shown = [];
let abort = new AbortController();
let typing = 0;
const batch = mountBatch({ filters: () => filters, onDone: () => look() });

byId("check-all").addEventListener("click", () => checkAll());
byId("batch-open").addEventListener("click", () => batch.open());
addEventListener("popstate", () => {
  filters = filtersOf(location.search);
  look();
});
look();

/** @param {Partial<Filters>} change */
function choose(change) {
  filters = { ...filters, ...change };
  history.replaceState(null, "", `/workbench${addressOf(filters)}`);
  look();
}

/** @param {number} [after] where to go on; from the beginning by default */
async function look(after = 0) {
  abort.abort();
  abort = new AbortController();
  try {
    /** @type {WorklistAnswer} */
    const answer = await askJson(`/api/workbench${addressOf(filters, { after, limit: PAGE })}`, { signal: abort.signal });
    byId("work-wrong").hidden = true;
    if (answer.needs_check) {
      drawPeople(answer);
      await checkAll();
      return;
    }
    draw(answer, after);
  } catch (error) {
    if (!isAbort(error)) tell(error);
  }
  document.documentElement.classList.add("is-ready");
}

/** @param {unknown} error */
function tell(error) {
  byId("work-wrong").textContent = faultText(error);
  byId("work-wrong").hidden = false;
}

/** All names are looked through by the worker; how far it is stands on the page. */
async function checkAll() {
  const going = byId("work-going");
  const bar = h("progress", { max: 1, "aria-label": text("Checking all names …") });
  const phase = h("span", {}, text("Checking all names …"));
  going.replaceChildren(h("span", { class: "spinner" }), phase, bar);
  going.hidden = false;
  byId("check-all").setAttribute("disabled", "");
  try {
    const begun = await (await send("/api/workbench/check", { body: {} })).json();
    const job = await followJob(begun.uuid, (state) => {
      bar.value = state.share;
      if (state.phase) phase.textContent = state.phase;
    }, { pace: 300 });
    if (job.state !== "done") throw new Error(job.error?.detail ?? "");
    going.hidden = true;
    byId("check-all").removeAttribute("disabled");
    await look();
  } catch (error) {
    going.hidden = true;
    byId("check-all").removeAttribute("disabled");
    tell(error);
  }
}

/** @param {WorklistAnswer} answer @param {number} after */
function draw(answer, after) {
  shown = after ? [...shown, ...answer.items] : answer.items;
  remember(addressOf(filters), recordsOf(shown), answer.following);
  const { checked } = answer;
  byId("work-checked").textContent = checked ? text("%(count)s names checked on %(when)s in %(seconds)s s; kept up to date since", { count: number(checked.records), when: MOMENT.format(new Date(checked.at)), seconds: checked.took_s.toFixed(1) }) : "";
  byId("work-summary").textContent = text("%(findings)s findings on %(records)s records", { findings: number(answer.total), records: number(answer.records) });
  drawStates(answer);
  drawFilters(answer);
  drawFindings(answer);
  drawPeople(answer);
  const [first] = recordsOf(shown);
  const begin = byId("work-begin", HTMLAnchorElement);
  begin.classList.toggle("is-off", !first);
  if (first) begin.href = recordAddress(first);
  else begin.removeAttribute("href");
}

/** @param {string} uuid */
const recordAddress = (uuid) => `/workbench/${uuid}${addressOf(filters)}`;

/** @param {WorklistAnswer} answer */
function drawStates({ counts }) {
  const states = [
    ["open", text("open")],
    ["skipped", text("skipped by you")],
    ["kept", text("kept as they are")],
  ];
  byId("states").replaceChildren(
    ...states.map(([key = "", label = ""]) => h("button", { type: "button", class: "chip", "aria-pressed": String(filters.state === key), onclick: () => choose({ state: key }) }, label, h("small", { class: "figures" }, number(counts.states[key] ?? 0)))),
  );
}

/** @param {WorklistAnswer} answer */
function drawFilters({ counts }) {
  const focus = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
  const typed = document.activeElement?.id === "filter-text";
  const element = byId("filters");
  const search = h("input", { class: "input", id: "filter-text", type: "search", placeholder: text("In the name"), "aria-label": text("In the name"), value: filters.q, autocomplete: "off" });
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = window.setTimeout(() => choose({ q: search.value.trim() }), TYPED);
  });
  const isOn = (/** @type {string} */ key) => !filters.severity.length || filters.severity.includes(key);
  const severities = counts.severities.map(({ key, title, count }) =>
    h("button", { type: "button", class: `chip is-${key}`, "data-key": `severity-${key}`, "aria-pressed": String(isOn(key)), onclick: () => choose({ severity: severitiesWith(key), rule: [] }) }, title, h("small", { class: "figures" }, number(count))),
  );
  const select = (/** @type {string} */ label, /** @type {"county" | "town" | "major"} */ name, /** @type {Choice[]} */ choices, /** @type {string} */ all) => {
    const input = h("select", { class: "input", id: `filter-${name}`, "data-key": name }, h("option", { value: "" }, all), choices.map((one) => h("option", { value: one.key }, `${one.title} (${number(one.count)})`)));
    if (filters[name] && !choices.some((one) => one.key === filters[name])) input.append(h("option", { value: filters[name] }, filters[name]));
    input.value = filters[name];
    input.addEventListener("change", () => choose(name === "county" ? { county: input.value, town: "" } : { [name]: input.value }));
    return h("label", { class: "field", for: `filter-${name}` }, h("span", { class: "label" }, label), input);
  };
  const mendable = h("input", { type: "checkbox", id: "filter-mendable", checked: filters.mendable, "data-key": "mendable" });
  mendable.addEventListener("change", () => choose({ mendable: mendable.checked }));
  element.replaceChildren(
    h("div", { class: "work-filter" }, h("div", { class: "work-chips", role: "group", "aria-label": text("Severity") }, severities)),
    h("div", { class: "work-filter" }, search),
    h("div", { class: "work-filter" }, select(text("County"), "county", counts.counties, text("All counties")), filters.county ? select(text("Town"), "town", counts.towns, text("All towns")) : null, select(text("Class"), "major", counts.majors, text("All classes"))),
    h("label", { class: "check work-filter" }, mendable, h("span", {}, text("With a proposal only"))),
    h("div", { class: "work-rules", role: "group", "aria-label": text("Rule") }, counts.rules.map(ruleChoice)),
  );
  if (typed) {
    byId("filter-text").focus();
    search.setSelectionRange(search.value.length, search.value.length);
  } else if (focus) element.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.dispatchEvent(new Event("focus"));
  if (!typed && focus) /** @type {HTMLElement | null} */ (element.querySelector(`[data-key="${CSS.escape(focus)}"]`))?.focus();
}

/** @param {string} key */
function severitiesWith(key) {
  const now = filters.severity.length ? filters.severity : ["error", "warning", "info"];
  const next = toggled(now, key);
  const inOrder = ["error", "warning", "info"].filter((one) => next.includes(one));
  return inOrder.length === 3 || !inOrder.length ? [] : inOrder;
}

/** @param {RuleChoice} rule */
function ruleChoice({ key, title, severity, clause, count }) {
  return h(
    "button",
    { type: "button", class: `work-rule is-${severity}`, "data-key": `rule-${key}`, "aria-pressed": String(filters.rule.includes(key)), title: clause, onclick: () => choose({ rule: toggled(filters.rule, key) }) },
    h("span", { class: "work-dot", "aria-hidden": "true" }),
    h("span", { class: "work-rule-title" }, title),
    h("span", { class: "figures" }, number(count)),
  );
}

/** @param {WorklistAnswer} answer */
function drawFindings({ total, following }) {
  const list = byId("findings");
  if (!shown.length) {
    const words = filters.state === "open" ? text("Nothing to be done here.") : text("Nothing here.");
    list.replaceChildren(h("div", { class: "empty" }, icon("check"), h("p", {}, words)));
  } else list.replaceChildren(h("ol", { class: "findings" }, shown.map(line)));
  byId("more").replaceChildren(following ? button(text("%(count)s more", { count: number(total - shown.length) }), { icon: "down", onclick: () => look(following) }) : "");
}

/** @param {WorkFinding} finding */
function line(finding) {
  const { name, rule_title: rule, severity, severity_title: said, message, county_name: county, town_name: town, fix, candidates, synthetic, layer } = finding;
  const own = layer === "place-names";
  const title = own ? h("a", { class: "finding-name", href: recordAddress(finding.uuid) }, name || text("without a name")) : h("span", { class: "finding-name" }, name);
  const proposed = fix.length ? inShort(fix) : candidates.length ? text("%(count)s candidates", { count: candidates.length }) : "";
  return h(
    "li",
    { class: `finding is-${severity}`, "data-uuid": finding.uuid, "data-rule": finding.rule },
    h("span", { class: "work-dot", role: "img", "aria-label": said, title: said }),
    h("div", { class: "finding-body" }, h("p", {}, title, h("span", { class: "quiet small" }, ` ${county}${town}`), synthetic && h("span", { class: "badge badge-warning" }, text("synthetic"))), h("p", { class: "small" }, h("strong", {}, rule), finding.field && finding.field !== "name" ? ` (${finding.field_title})` : "", " · ", message)),
    h("p", { class: "finding-fix small" }, proposed && h("span", { class: "finding-proposed" }, proposed)),
  );
}

/** @param {WorklistAnswer} answer */
function drawPeople({ work }) {
  byId("people").hidden = !work.length;
  const cells = (/** @type {number[]} */ values) => values.map((value) => h("td", { class: "number" }, number(value)));
  byId("people-body").replaceChildren(
    h(
      "table",
      { class: "table" },
      h("thead", {}, h("tr", {}, [text("Who"), text("today"), text("mended"), text("kept as they are"), text("skipped")].map((label, at) => h("th", { scope: "col", class: at > 0 && "number" }, label)))),
      h("tbody", {}, work.map((one) => h("tr", {}, h("th", { scope: "row" }, one.who), cells([one.today, one.mended, one.kept, one.skipped])))),
    ),
  );
}
