/**
 * The second step: what each column means, what is the same for every row, and how the file is to be read.
 *
 * @import { Column, ImportWhole, Mapping } from "./types.js"
 */
import { button, h } from "../dom.js";
import { faultText, send } from "../fetching.js";
import { AUTO, chosenFor, fromLines, fromValueLines, unsaid, valueLines, wholeMapping, withColumn } from "../logic/mapping.js";
import { formatNumber } from "../logic/format.js";
import { lang, text } from "../page-data.js";
import { heading } from "./found.js";
import { lineEditor } from "./lines.js";

/** The mapping has to be mended: nobody can take this for right. */
const COLUMN_MISSING = "column-missing";

/** @typedef {{ keep: (mapping: Mapping, subject?: string) => Promise<unknown>, check: () => Promise<void> }} Acts */

export class MappingForm {
  /** @type {Mapping} */
  #mapping = wholeMapping();
  #said = h("p", { class: "small quiet" });
  #check = button("", { kind: "main", onclick: () => this.#acts.check() });

  /** @param {HTMLElement} step @param {Acts} acts */
  constructor(step, acts) {
    this.step = step;
    this.#acts = acts;
  }

  /** @type {Acts} */
  #acts;

  /**
   * @param {ImportWhole} data
   * @param {{ done: boolean, busy: boolean }} how
   */
  draw(data, { done, busy }) {
    this.step.hidden = done || (!data.columns.length && !data.choices.length && busy);
    if (this.step.hidden) return;
    const focus = document.activeElement?.id;
    const open = this.step.querySelector("details")?.open ?? false;
    this.#mapping = wholeMapping(data.mapping);
    this.#check = button(text("Check again"), { kind: "main", id: "mapping-check", disabled: busy, onclick: () => this.#acts.check() });
    this.step.replaceChildren(
      heading("step-mapping", data.found ? 2 : 1, text("How it is understood")),
      this.#about(data),
      this.#saved(data),
      this.#columns(data),
      h("details", { class: "finding", open: open || data.choices.length > 0 || Boolean(data.plan?.faults.some(({ rule }) => rule !== COLUMN_MISSING)) }, h("summary", {}, h("span", { class: "finding-words" }, text("Further settings"))), this.#settings(data), this.#accepted(data), this.#constants(data), this.#values(data)),
      h("div", { class: "import-line-head" }, this.#said, this.#check),
    );
    if (focus) document.getElementById(focus)?.focus();
  }

  /** What the state is, beside the button. @param {ImportWhole} data */
  say(data) {
    const count = unsaid(data.columns, wholeMapping(data.mapping)).length;
    const parts = [count && text("Columns not known: %(count)s. They are left out unless you say what they are.", { count }), data.state === "unchecked" && text("Not checked since the last change.")];
    this.#said.textContent = parts.filter(Boolean).join(" ");
    this.#check.classList.toggle("button-main", !data.checked);
  }

  /** @param {Partial<Mapping>} change @param {string} [subject] */
  #set(change, subject) {
    this.#mapping = { ...this.#mapping, ...change };
    this.#acts.keep(this.#mapping, subject);
  }

  /**
   * @param {string} label
   * @param {string} id
   * @param {[string, string][]} options
   * @param {string} chosen
   * @param {(value: string) => void} change
   */
  #select(label, id, options, chosen, change) {
    const onchange = (/** @type {Event} */ event) => change(/** @type {HTMLSelectElement} */ (event.currentTarget).value);
    return h("div", { class: "field" }, h("label", { for: id }, label), h("select", { class: "input", id, onchange }, options.map(([value, title]) => h("option", { value, selected: value === chosen }, title))));
  }

  /** @param {ImportWhole} data */
  #about({ subject, subjects }) {
    const options = subjects.map(({ key, title }) => /** @type {[string, string]} */ ([key, title]));
    return h("div", { class: "mapping-about" }, this.#select(text("What the file is about"), "mapping-subject", options, subject, (key) => this.#set({ columns: {}, constants: {}, values: {} }, key)));
  }

  /** @param {ImportWhole} data */
  #saved({ saved, subject }) {
    const name = h("input", { class: "input", id: "mapping-name", maxlength: 60, placeholder: text("Name, such as the office that the file is from") });
    const wrong = h("p", { class: "note note-danger", role: "alert", hidden: true });
    const kept = h("p", { class: "small quiet", role: "status" });
    const keep = button(text("Save"), {
      small: true,
      onclick: async () => {
        wrong.hidden = true;
        try {
          const path = `/api/mappings/${subject}/${encodeURIComponent(name.value.trim() || "-")}`;
          if (!name.value.trim()) return name.focus();
          await send(path, { method: "PUT", body: { mapping: this.#mapping } });
          kept.textContent = text("Saved as “%(name)s”.", { name: name.value.trim() });
        } catch (error) {
          wrong.textContent = faultText(error);
          wrong.hidden = false;
        }
      },
    });
    const fitting = saved.filter(({ fits }) => fits);
    const options = /** @type {[string, string][]} */ ([["", text("Choose …")], ...[...fitting, ...saved.filter(({ fits }) => !fits)].map((each) => [each.name, each.fits ? text("%(name)s (fits)", { name: each.name }) : each.name])]);
    const use = saved.length > 0 && this.#select(text("Use what was saved"), "mapping-saved", options, "", (chosen) => {
      const found = saved.find((each) => each.name === chosen);
      if (found) this.#set(wholeMapping(found.mapping));
      this.#redraw();
    });
    return h("div", { class: "mapping-saved" }, use, h("div", { class: "field" }, h("label", { for: "mapping-name" }, text("Save this for the next file")), h("div", { class: "copy-line" }, name, keep)), kept, wrong);
  }

  /** After several things have changed at once: what is shown follows what is kept. */
  #redraw() {
    for (const select of this.step.querySelectorAll("select[data-heading]")) {
      if (select instanceof HTMLSelectElement) select.value = chosenFor(this.#mapping, select.dataset.heading ?? "");
    }
  }

  /** @param {ImportWhole} data */
  #columns(data) {
    const { columns } = data;
    if (!columns.length) return h("div", {});
    return h(
      "table",
      { class: "table mapping-table" },
      h("thead", {}, h("tr", {}, [text("Column"), text("Some values"), text("Taken as")].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, columns.map((column, place) => this.#column(column, place, data))),
    );
  }

  /** @param {Column} column @param {number} place @param {ImportWhole} data */
  #column(column, place, { targets }) {
    const { heading: name, samples, target, known } = column;
    const chosen = chosenFor(this.#mapping, name);
    const recognised = targets.find((each) => each.target === target)?.title;
    const auto = known === "recognised" && !(name in this.#mapping.columns) ? recognised : undefined;
    const words = auto ? text("by itself: %(field)s", { field: auto }) : known === "left" ? text("by itself: left out") : known === "unknown" ? text("not known: left out") : text("by itself");
    const options = [[AUTO, words], ["", text("leave out")], ...targets.map((each) => [each.target, each.required ? `${each.title} *` : each.title])];
    const onchange = (/** @type {Event} */ event) => this.#set(withColumn(this.#mapping, name, /** @type {HTMLSelectElement} */ (event.currentTarget).value));
    const select = h("select", { class: "input", id: `column-${place}`, "data-heading": name, "aria-label": text("“%(column)s” is taken as", { column: name }), onchange }, options.map(([value = "", title = ""]) => h("option", { value, selected: value === chosen }, title)));
    return h(
      "tr",
      { "data-known": chosen === AUTO ? known : "said" },
      h("th", { scope: "row" }, name, known === "unknown" && chosen === AUTO && h("span", { class: "badge badge-warning" }, text("not known"))),
      h("td", { class: "quiet small import-value" }, samples.join(" · ") || "–"),
      h("td", {}, select),
    );
  }

  /** @param {ImportWhole} data */
  #settings({ found, choices, systems }) {
    const { layer, encoding, crs, axes, empty } = this.#mapping;
    const auto = text("found out");
    const layers = choices.length ? choices.map(({ name, rows }) => /** @type {[string, string]} */ ([name, rows < 0 ? name : `${name} (${formatNumber(rows, lang)})`])) : (found?.layers ?? []).map((name) => /** @type {[string, string]} */ ([name, name]));
    return h(
      "div",
      { class: "mapping-settings" },
      layers.length > 1 && this.#select(text("Layer or sheet"), "mapping-layer", [["", auto], ...layers], layer ?? "", (value) => this.#set({ layer: value || null })),
      this.#select(text("Encoding"), "mapping-encoding", [["", auto], ["utf-8", "UTF-8"], ["gb18030", "GB 18030"]], encoding ?? "", (value) => this.#set({ encoding: value || null })),
      this.#select(text("Coordinate system"), "mapping-crs", [["", auto], ...systems.map(({ epsg, title }) => /** @type {[string, string]} */ ([String(epsg), title]))], String(crs ?? ""), (value) => this.#set({ crs: value ? Number(value) : null })),
      this.#select(text("Order of the coordinates"), "mapping-axes", [["auto", auto], ["xy", text("longitude or easting first")], ["yx", text("latitude or northing first")]], axes, (value) => this.#set({ axes: /** @type {Mapping["axes"]} */ (value) })),
      this.#select(text("Empty cells"), "mapping-empty", [["keep", text("leave what a record has")], ["clear", text("clear what a record has")]], empty, (value) => this.#set({ empty: /** @type {Mapping["empty"]} */ (value) })),
    );
  }

  /** @param {ImportWhole} data */
  #accepted({ plan }) {
    const faults = new Map((plan?.faults ?? []).filter(({ rule }) => rule !== COLUMN_MISSING).map((each) => [each.rule, each.text]));
    for (const rule of this.#mapping.accept) if (!faults.has(rule)) faults.set(rule, plan?.rules.find((each) => each.rule === rule)?.rows[0]?.text ?? rule);
    const box = (/** @type {string} */ rule, /** @type {string} */ words) => {
      const onchange = (/** @type {Event} */ event) => {
        const rest = this.#mapping.accept.filter((each) => each !== rule);
        this.#set({ accept: /** @type {HTMLInputElement} */ (event.currentTarget).checked ? [...rest, rule] : rest });
      };
      return h("label", { class: "check" }, h("input", { type: "checkbox", id: `accept-${rule}`, checked: this.#mapping.accept.includes(rule), onchange }), h("span", {}, text("I have looked at this, it is right:"), " ", words));
    };
    return h("div", { class: "mapping-accept", hidden: !faults.size }, [...faults].map(([rule, words]) => box(rule, words)));
  }

  /** @param {ImportWhole} data */
  #constants({ targets }) {
    return lineEditor({
      title: text("The same for every row"),
      add: text("Add a value for every row"),
      lines: Object.entries(this.#mapping.constants).map(([field, value]) => [field, value]),
      targets: targets.filter(({ target }) => !target.startsWith("@")),
      parts: [text("Field"), text("Value")],
      change: (lines) => this.#set({ constants: fromLines(lines.map(([field = "", value = ""]) => [field, value])) }),
    });
  }

  /** @param {ImportWhole} data */
  #values({ targets }) {
    return lineEditor({
      title: text("Words to be read as others"),
      add: text("Add a word"),
      lines: valueLines(this.#mapping),
      targets: targets.filter(({ target }) => !target.startsWith("@")),
      parts: [text("Field"), text("In the file"), text("Read as")],
      change: (lines) => this.#set({ values: fromValueLines(lines.map(([field = "", from = "", to = ""]) => [field, from, to])) }),
    });
  }
}
