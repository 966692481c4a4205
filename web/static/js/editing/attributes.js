/**
 * The part of a place's form that asks for the attributes of its class; another class, other inputs.
 *
 * @import { Finding, FormField } from "../api.js"
 */
import { h } from "../dom.js";
import { attributesHeld, attributesShown, attributesText } from "../logic/attributes.js";
import { lang, title } from "../page-data.js";

/**
 * @param {FormField} field
 * @param {unknown} value what the record has
 * @param {{ code: string, onInput: () => void }} options `code`: the place's class
 */
export function createAttributes(field, value, { code, onInput }) {
  const held = attributesHeld(value);
  const classes = field.classes ?? {};
  let fields = attributesShown(classes, code, held);
  /** @type {Map<string, { input: HTMLInputElement | HTMLSelectElement, said: HTMLElement, row: HTMLElement }>} */
  const controls = new Map();
  const rows = h("div", { class: "edit-attributes" });
  const said = h("div", { class: "edit-said", "aria-live": "polite" });
  const element = h("fieldset", { class: "field is-long edit-field edit-attributes-field", "data-field": field.name }, h("legend", {}, title(field.title)), rows, said);

  /** @param {typeof fields[number]} one @param {string} now */
  function row(one, now) {
    const id = `edit-${field.name}-${one.key}`;
    const numeric = one.type === "int" || one.type === "float";
    const input =
      one.type === "choice"
        ? select(id, now, one.choices.map((choice) => ({ value: choice.key, label: title(choice.title) })))
        : h("input", { class: "input", id, type: "text", value: now, autocomplete: "off", inputmode: numeric && (one.type === "int" ? "numeric" : "decimal"), maxlength: one.type === "str" && one.maximum });
    const wrong = h("div", { class: "edit-said", id: `${id}-said`, "aria-live": "polite" });
    input.setAttribute("aria-describedby", wrong.id);
    input.addEventListener("input", onInput);
    const whole = h("div", { class: "field edit-field", "data-attribute": one.key }, h("label", { for: id }, title(one.title), one.unit && ` (${one.unit})`), input, wrong);
    controls.set(one.key, { input, said: wrong, row: whole });
    return whole;
  }

  const texts = () => Object.fromEntries([...controls].map(([key, { input }]) => [key, input.value]));

  function draw() {
    const now = texts();
    controls.clear();
    rows.replaceChildren(...fields.map((one) => row(one, now[one.key] ?? String(held[one.key] ?? ""))));
    element.hidden = fields.length === 0;
  }

  draw();
  return {
    element,
    /** The whole field as text. */
    text: () => attributesText(held, fields, texts()),
    /** @param {string} now the place's class, by its code */
    setClass(now) {
      fields = attributesShown(classes, now, held);
      draw();
    },
    /** @param {readonly Finding[]} findings @param {(finding: Finding) => HTMLElement} sentence */
    show(findings, sentence) {
      said.replaceChildren(...findings.filter((finding) => finding.field === field.name).map(sentence));
      for (const [key, control] of controls) {
        const own = findings.filter((finding) => finding.field === `${field.name}.${key}`);
        control.said.replaceChildren(...own.map(sentence));
        const wrong = own.some(({ severity }) => severity === "error");
        control.input.setAttribute("aria-invalid", String(wrong));
        control.row.classList.toggle("is-wrong", wrong);
      }
    },
    /** Whether a finding is of one of these inputs. @param {string} name */
    has: (name) => name === field.name || controls.has(name.replace(`${field.name}.`, "")),
    /** The first input that is wrong. */
    wrong: () => [...controls.values()].find(({ input }) => input.getAttribute("aria-invalid") === "true")?.input ?? null,
  };
}

/** @param {string} id @param {string} value @param {{ value: string, label: string }[]} options */
function select(id, value, options) {
  const known = !value || options.some((option) => option.value === value);
  const all = [{ value: "", label: lang === "zh" ? "—" : "–" }, ...(known ? [] : [{ value, label: value }]), ...options];
  const made = h("select", { class: "input", id }, all.map((option) => h("option", { value: option.value }, option.label)));
  made.value = value;
  return made;
}
