/**
 * A list of lines, each a field and one or two texts, that can be added to and taken from.
 *
 * @import { Target } from "./types.js"
 */
import { button, h } from "../dom.js";
import { text } from "../page-data.js";

/**
 * @param {{ title: string, add: string, lines: string[][], targets: Target[], parts: string[],
 *           change: (lines: string[][]) => void }} options
 */
export function lineEditor({ title, add, lines, targets, parts, change }) {
  const list = h("ul", { class: "mapping-lines" });
  const tell = () => change([...list.children].map((item) => [...item.querySelectorAll("select, input")].map((each) => /** @type {HTMLInputElement} */ (each).value.trim())));

  /** @param {string[]} line */
  function item(line) {
    const field = h("select", { class: "input", "aria-label": parts[0], onchange: tell }, h("option", { value: "" }, text("Choose …")), targets.map((each) => h("option", { value: each.target, selected: each.target === line[0] }, each.title)));
    const inputs = parts.slice(1).map((label, place) => h("input", { class: "input", "aria-label": label, placeholder: label, value: line[place + 1] ?? "", maxlength: 200, onchange: tell }));
    const element = h("li", {}, field, inputs, button(text("Take away"), { icon: "trash", kind: "plain", small: true, iconOnly: true, onclick: () => { element.remove(); tell(); } }));
    return element;
  }

  list.append(...lines.map(item));
  const more = button(add, {
    icon: "plus",
    small: true,
    onclick: () => {
      const element = item([]);
      list.append(element);
      element.querySelector("select")?.focus();
    },
  });
  return h("div", { class: "mapping-group" }, h("h3", { class: "section-title" }, title), list, more);
}
