/**
 * Many records at once: what is to be done, before and after, applied as one change.
 *
 * @import { Filters, PlanAnswer, PlanRow } from "./types.js"
 * @import { FormAnswer } from "../api.js"
 */
import { button, byId, h } from "../dom.js";
import { askJson, Fault, faultText, send } from "../fetching.js";
import { followJob } from "../jobs/watching.js";
import { formatNumber } from "../logic/format.js";
import { lang, text, title } from "../page-data.js";
import { difference } from "./proposal.js";

/**
 * @param {{ filters: () => Filters, onDone: () => void }} options
 */
export function mountBatch({ filters, onDone }) {
  const dialog = byId("batch", HTMLDialogElement);
  const body = byId("batch-body");
  /** @type {FormAnswer | null} */
  let form = null;

  async function open() {
    dialog.showModal();
    body.replaceChildren(h("span", { class: "spinner" }));
    try {
      form ??= /** @type {FormAnswer} */ (await askJson("/api/records/place-names/form"));
      ask();
    } catch (error) {
      body.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
    }
  }

  /** What is to be done, and to which records. */
  function ask() {
    const kinds = [
      ["fix", text("Write what the findings propose")],
      ["romanize", text("Spell the names by the rules")],
      ["replace", text("Replace a text in a field")],
      ["set", text("Give a field a value")],
    ];
    const kind = h("select", { class: "input", id: "batch-kind" }, kinds.map(([key = "", label = ""]) => h("option", { value: key }, label)));
    const whom = h("select", { class: "input", id: "batch-whom" }, h("option", { value: "findings" }, text("The findings of the list")), h("option", { value: "places" }, text("All names of the county, town and class chosen")));
    const fields = (form?.fields ?? []).filter(({ type, name }) => type !== "json" && !["place_code", "county_code", "town_code", "village_code"].includes(name));
    const name = h("select", { class: "input", id: "batch-field" }, fields.map((field) => h("option", { value: field.name }, title(field.title))));
    const find = h("input", { class: "input", id: "batch-find", maxlength: 200, autocomplete: "off" });
    const value = h("input", { class: "input", id: "batch-value", maxlength: 2000, autocomplete: "off" });
    const row = (/** @type {string} */ label, /** @type {HTMLElement} */ input) => h("label", { class: "field", for: input.id }, h("span", { class: "label" }, label), input);
    const rows = { field: row(text("Field"), name), find: row(text("Text to be replaced"), find), value: row(text("New text"), value) };
    const show = () => {
      rows.field.hidden = !["replace", "set"].includes(kind.value);
      rows.find.hidden = kind.value !== "replace";
      rows.value.hidden = rows.field.hidden;
      if (kind.value === "fix") whom.value = "findings";
      whom.disabled = kind.value === "fix";
    };
    kind.addEventListener("change", show);
    const fault = h("div", { role: "alert" });
    const go = button(text("Show before and after"), {
      kind: "main", id: "batch-plan",
      onclick: async () => {
        const asked = { ...target(whom.value), operation: { kind: kind.value, field: rows.field.hidden ? "" : name.value, find: find.value, value: rows.field.hidden ? "" : value.value } };
        go.disabled = true;
        fault.replaceChildren(h("span", { class: "spinner" }));
        try {
          await plan(asked, fault);
        } catch (error) {
          fault.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
          go.disabled = false;
        }
      },
    });
    body.replaceChildren(row(text("What"), kind), row(text("For which records"), whom), rows.field, rows.find, rows.value, fault, h("div", { class: "dialog-foot" }, go));
    show();
    kind.focus();
  }

  /** @param {string} whom */
  function target(whom) {
    const { rule, severity, state, major, county, town, q, mendable } = filters();
    if (whom === "places") return { places: { class: major ? [major] : [], county, town } };
    return { findings: { rule, severity: severity.length ? severity : ["all"], state, major, county, town, q, mendable } };
  }

  /**
   * @param {Record<string, unknown>} asked
   * @param {HTMLElement} fault
   */
  async function plan(asked, fault) {
    const answer = await send("/api/workbench/batch/plan", { body: asked });
    /** @type {PlanAnswer} */
    const found = answer.status === 202 ? await ended((await answer.json()).uuid, fault) : await answer.json();
    show(asked, found);
  }

  /** @param {Record<string, unknown>} asked @param {PlanAnswer} found */
  function show(asked, found) {
    const number = (/** @type {number} */ value) => formatNumber(value, lang);
    const why = h("input", { class: "input", id: "batch-why", maxlength: 500, autocomplete: "off" });
    const fault = h("div", { role: "alert" });
    const said = [
      found.left_out && text("%(count)s would get an error and are left out", { count: number(found.left_out) }),
      found.out_of_reach && text("%(count)s are not in your counties and are left out", { count: number(found.out_of_reach) }),
      found.unmended && text("%(count)s findings propose nothing", { count: number(found.unmended) }),
    ].filter((line) => typeof line === "string");
    const go = button(text("Change %(count)s records", { count: number(found.count) }), {
      kind: "main", icon: "check", id: "batch-apply",
      onclick: async () => {
        go.disabled = true;
        fault.replaceChildren(h("span", { class: "spinner" }));
        try {
          const answer = await send("/api/workbench/batch/apply", { body: { ...asked, token: found.token, why: why.value } });
          const done = answer.status === 202 ? await ended((await answer.json()).uuid, fault) : await answer.json();
          finish(done);
        } catch (error) {
          fault.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
          go.disabled = false;
        }
      },
    });
    go.disabled = found.count === 0;
    body.replaceChildren(
      h("p", { class: "work-count" }, found.count ? text("%(count)s records would change", { count: number(found.count) }) : text("Nothing would change.")),
      said.length ? h("ul", { class: "small quiet" }, said.map((line) => h("li", {}, line))) : "",
      h("div", { class: "batch-table scrolls", tabindex: 0, role: "region", "aria-label": text("Before and after") }, table(found.rows), found.count > found.rows.length && h("p", { class: "quiet small" }, text("%(count)s more", { count: number(found.count - found.rows.length) }))),
      found.left_out_rows.length ? h("details", {}, h("summary", {}, text("What is left out")), table(found.left_out_rows)) : "",
      h("label", { class: "field", for: "batch-why" }, h("span", { class: "label" }, text("Reason")), why),
      fault,
      h("div", { class: "dialog-foot" }, button(text("Back"), { onclick: ask }), go),
    );
    (found.count ? why : body).focus();
  }

  /** @param {PlanRow[]} rows */
  function table(rows) {
    return h(
      "table",
      { class: "table" },
      h("tbody", {}, rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.name, h("small", { class: "quiet" }, ` ${row.where}`)), h("td", {}, row.changes.map((one) => h("p", {}, h("span", { class: "quiet small" }, `${one.title} `), difference(one.before, one.after))), row.finding && h("p", { class: "edit-finding is-error" }, row.finding.message))))),
    );
  }

  /** @param {{ count: number, batch: string }} done */
  function finish(done) {
    const fault = h("div", { role: "alert" });
    const undo = button(text("Undo all of it"), {
      icon: "undo", id: "batch-undo",
      onclick: async () => {
        undo.disabled = true;
        try {
          const answer = await send(`/api/history/batches/${done.batch}/undo`, { body: {} });
          if (answer.status === 202) await ended((await answer.json()).uuid, fault, false);
          fault.replaceChildren(h("p", { class: "note note-good" }, text("All of it is undone.")));
          onDone();
        } catch (error) {
          undo.disabled = false;
          fault.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
        }
      },
    });
    body.replaceChildren(
      h("p", { class: "work-count" }, text("%(count)s records are changed.", { count: formatNumber(done.count, lang) })),
      h("p", { class: "small" }, h("a", { href: `/history?batch=${done.batch}` }, text("The single changes"))),
      fault,
      h("div", { class: "dialog-foot" }, undo, button(text("Close"), { kind: "main", onclick: () => dialog.close() })),
    );
    onDone();
  }

  /**
   * The result of a job, when it has ended.
   *
   * @param {string} uuid
   * @param {HTMLElement} place where its progress is told
   * @param {boolean} [isBatch] whether its result is a batch's
   * @returns {Promise<any>}
   */
  async function ended(uuid, place, isBatch = true) {
    const bar = h("progress", { max: 1, value: 0 });
    place.replaceChildren(bar, h("p", { class: "hint" }, text("This takes a while. It goes on if you leave; the page of jobs shows it.")));
    const job = await followJob(uuid, ({ share }) => {
      bar.value = share;
    });
    if (job.state !== "done") throw new Fault({ title: job.error?.detail ?? job.state_title, detail: "", hint: job.error?.hint ?? "", status: 500 });
    return isBatch ? askJson(`/api/workbench/batch/${uuid}`) : null;
  }

  return { open };
}
