/**
 * Boundary lines to choose from, with a filter, each a check box.
 */
import { h } from "../dom.js";
import { text } from "../page-data.js";

/** @typedef {{ uuid: string, code: string | null, name: string | null, standing?: string, standing_title?: string }} Choosable */

/**
 * @param {readonly Choosable[]} lines
 * @param {{ id: string, chosen?: (line: Choosable) => boolean }} options `chosen`: what is checked at first
 */
export function linesChoice(lines, { id, chosen = () => false }) {
  const count = h("span", { class: "quiet small", "aria-live": "polite" });
  const boxes = lines.map((line) => {
    const input = h("input", { type: "checkbox", value: line.uuid });
    input.checked = chosen(line);
    const words = `${line.name ?? ""} ${line.code ?? ""}`.trim();
    const label = h("label", { class: "check" }, input, h("span", {}, words, line.standing_title ? h("span", { class: "quiet small" }, ` ${line.standing_title}`) : null));
    return { input, label, words: words.toLowerCase() };
  });
  const filter = h("input", { class: "input", id, type: "search", autocomplete: "off", "aria-label": text("Filter the lines"), placeholder: text("Filter the lines") });
  filter.addEventListener("input", () => {
    const typed = filter.value.trim().toLowerCase();
    for (const { label, words } of boxes) label.hidden = !words.includes(typed);
  });
  const list = h("div", { class: "round-choice", role: "group", "aria-label": text("Lines") }, boxes.map(({ label }) => label));
  list.addEventListener("change", tell);
  tell();

  function tell() {
    count.textContent = text("%(count)s chosen", { count: String(boxes.filter(({ input }) => input.checked).length) });
  }

  return {
    element: h("div", { class: "field" }, h("span", { class: "label" }, text("Lines"), " ", count), filter, list),
    /** The ids of what is checked. */
    chosen: () => boxes.filter(({ input }) => input.checked).map(({ input }) => input.value),
  };
}
