/**
 * The first step: what stands in the file.
 *
 * @import { Found, Worded } from "./types.js"
 */
import { h } from "../dom.js";
import { formatNumber } from "../logic/format.js";
import { lang, text } from "../page-data.js";

/**
 * @param {HTMLElement} step
 * @param {Found | null} found
 * @param {Worded[]} doubts
 */
export function drawFound(step, found, doubts) {
  step.hidden = !found;
  if (!found) return;
  const pairs = [
    [text("Format"), [found.format_title, found.layer].filter(Boolean).join(" · ")],
    [text("Rows"), formatNumber(found.rows, lang)],
    [text("Encoding"), [found.encoding, found.encoding_how].filter(Boolean).join(", ")],
    [text("Coordinate system"), found.system || (found.has_geometry ? text("the file does not say") : text("a plain table"))],
  ];
  step.replaceChildren(
    heading("step-found", 1, text("What is in the file")),
    h("dl", { class: "record" }, pairs.flatMap(([name = "", value = ""]) => [h("dt", {}, name), h("dd", {}, value)])),
    notes([...found.findings, ...doubts]),
  );
}

/**
 * The head of a step.
 *
 * @param {string} id
 * @param {number} number
 * @param {string} words
 */
export const heading = (id, number, words) => h("h2", { class: "step-title", id: `${id}-title` }, h("span", { class: "step-number figures", "aria-hidden": "true" }, number), words);

/** @param {Worded[]} found */
export function notes(found) {
  return h("ul", { class: "import-notes", hidden: !found.length }, found.map(({ severity, text: said, advice }) => h("li", { class: `note${severity === "error" ? " note-danger" : severity === "info" ? " note-info" : ""}` }, said, advice && ` ${advice}`)));
}
