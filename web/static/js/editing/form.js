/**
 * A record's form: an input for each field by what it holds, findings under their fields, and what follows from what is
 * typed.
 *
 * @import { Finding, FormAnswer, FormField, Follows } from "../api.js"
 */
import { h } from "../dom.js";
import { inputText } from "../logic/editing.js";
import { lang, text, title } from "../page-data.js";
import { createAttributes } from "./attributes.js";

/** A field that depends on another: towns of the county, villages' codes are typed. */
const WITHIN = /** @type {Record<string, string>} */ ({ town_code: "county_code" });

/**
 * @param {Pick<FormAnswer, "fields" | "folded" | "label">} form
 * @param {Record<string, unknown>} record the values as they stand
 * @param {{ onInput: (name: string) => void, prefix?: string }} options `prefix`: of the inputs' ids
 */
export function createForm(form, record, { onInput, prefix = "edit" }) {
  /** @type {Map<string, { input: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement, said: HTMLElement, row: HTMLElement }>} */
  const controls = new Map();
  /** What a place has by its class. @type {ReturnType<typeof createAttributes> | null} */
  let attributes = null;
  const general = h("div", { class: "edit-general", role: "alert" });
  const follows = h("div", { class: "edit-follows quiet small", "aria-live": "polite" });
  const main = form.fields.filter(({ name }) => !form.folded.includes(name));
  const folded = form.fields.filter(({ name }) => form.folded.includes(name));
  const element = h(
    "div",
    { class: "edit-fields" },
    general,
    main.map(row),
    follows,
    folded.length > 0 && h("details", { class: "edit-more" }, h("summary", {}, text("About the record")), h("div", { class: "edit-fields" }, folded.map(row))),
  );

  /** @param {FormField} field */
  function row(field) {
    if (field.classes) {
      attributes = createAttributes(field, record[field.name], { code: String(record.class_code ?? ""), onInput: () => onInput(field.name) });
      return attributes.element;
    }
    const id = `${prefix}-${field.name}`;
    const input = control(field, id);
    const said = h("div", { class: "edit-said", id: `${id}-said`, "aria-live": "polite" });
    const label = h("label", { for: id }, title(field.title), field.unit && ` (${field.unit})`, field.required && h("span", { class: "edit-required", title: text("needed") }, " *"));
    const wrapped = h("div", { class: `field edit-field${field.long ? " is-long" : ""}`, "data-field": field.name }, label, input, field.help && !(input instanceof HTMLSelectElement) && h("p", { class: "hint" }, field.help), said);
    input.setAttribute("aria-describedby", said.id);
    input.addEventListener("input", () => {
      for (const [name, upper] of Object.entries(WITHIN)) if (upper === field.name) offer(name);
      if (field.name === "class_code") attributes?.setClass(input.value);
      onInput(field.name);
    });
    controls.set(field.name, { input, said, row: wrapped });
    return wrapped;
  }

  /** @param {FormField} field @param {string} id */
  function control(field, id) {
    const value = inputText(record[field.name], field.type);
    if (field.type === "bool") {
      return select(id, value, [{ value: "true", label: text("yes") }, { value: "false", label: text("no") }]);
    }
    if (field.choices.length) return select(id, value, field.choices.map((choice) => ({ value: choice.key, label: title(choice.title) })));
    if (field.options) return select(id, value, offered(field, String(record[WITHIN[field.name] ?? ""] ?? "")));
    if (field.long || field.type === "json") {
      const area = h("textarea", { class: "input", id, rows: field.type === "json" ? 5 : 3, maxlength: field.max_length, spellcheck: "false" });
      area.value = value;
      return area;
    }
    const numeric = field.type === "int" || field.type === "float";
    return h("input", {
      class: "input", id, type: field.type === "date" ? "date" : "text", value, autocomplete: "off",
      inputmode: numeric && (field.type === "int" ? "numeric" : "decimal"), maxlength: field.type === "str" && field.max_length,
    });
  }

  /** @param {FormField} field @param {string} upper */
  function offered(field, upper) {
    const options = field.options ?? [];
    const within = WITHIN[field.name] && upper ? options.filter((option) => option.within === upper) : options;
    return within.map((option) => ({ value: option.value, label: title(option.title) }));
  }

  /** What a field offers once the field above it has changed. @param {string} name */
  function offer(name) {
    const field = form.fields.find((each) => each.name === name);
    const held = controls.get(name);
    if (!field || !(held?.input instanceof HTMLSelectElement)) return;
    const upper = controls.get(WITHIN[name] ?? "")?.input.value ?? "";
    fillSelect(held.input, held.input.value, offered(field, upper));
  }

  /** @param {Finding} finding */
  const sentence = (finding) =>
    h("p", { class: `edit-finding is-${finding.severity}`, "data-rule": finding.rule }, finding.message, finding.advice && h("span", { class: "edit-advice" }, ` ${finding.advice}`));

  return {
    element,
    /** The texts as they stand in the inputs. */
    texts() {
      const texts = Object.fromEntries([...controls].map(([name, { input }]) => [name, input.value]));
      return attributes ? { ...texts, attributes: attributes.text() } : texts;
    },
    /** @param {readonly Finding[]} findings */
    show(findings) {
      general.replaceChildren(...findings.filter(({ field }) => !controls.has(field) && !attributes?.has(field)).map(sentence));
      attributes?.show(findings, sentence);
      for (const [name, { input, said, row: wrapped }] of controls) {
        const own = findings.filter(({ field }) => field === name);
        said.replaceChildren(...own.map(sentence));
        const wrong = own.some(({ severity }) => severity === "error");
        input.setAttribute("aria-invalid", String(wrong));
        wrapped.classList.toggle("is-wrong", wrong);
      }
    },
    /** @param {readonly Follows[]} list */
    showFollows(list) {
      const item = (/** @type {Follows} */ one) => h("li", {}, `${one.title}: `, h("strong", {}, one.text || text("empty")));
      follows.replaceChildren(...(list.length ? [h("p", {}, text("What follows from this:")), h("ul", {}, list.map(item))] : []));
    },
    /** To the first field that is wrong, or the first of all. */
    focus() {
      const wrong = [...controls.values()].find(({ input }) => input.getAttribute("aria-invalid") === "true");
      const target = (wrong ?? (attributes?.wrong() ? { input: attributes.wrong() } : controls.get(form.label)) ?? [...controls.values()][0])?.input;
      target?.closest("details")?.setAttribute("open", "");
      target?.focus({ preventScroll: false });
    },
    /** @param {string} name @param {string} value */
    set(name, value) {
      const held = controls.get(name);
      if (held) held.input.value = value;
    },
  };
}

/** @typedef {ReturnType<typeof createForm>} Form */

/** @param {string} id @param {string} value @param {{ value: string, label: string }[]} options */
function select(id, value, options) {
  const made = h("select", { class: "input", id });
  fillSelect(made, value, options);
  return made;
}

/** A value that is not offered stays: what the register has must not be lost by looking at it. */
/** @param {HTMLSelectElement} made @param {string} value @param {{ value: string, label: string }[]} options */
function fillSelect(made, value, options) {
  const known = !value || options.some((option) => option.value === value);
  const all = [{ value: "", label: lang === "zh" ? "—" : "–" }, ...(known ? [] : [{ value, label: value }]), ...options];
  made.replaceChildren(...all.map((option) => h("option", { value: option.value }, option.label)));
  made.value = value;
}
