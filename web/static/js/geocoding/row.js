/**
 * One address of the list: what was typed, what was found, what is doubtful, what else it may be.
 *
 * @import { Accuracy, Answer, Match } from "./types.js"
 */
import { h, icon } from "../dom.js";
import { isOpen, others, taken } from "../logic/geocoding.js";
import { text } from "../page-data.js";

/**
 * @param {Answer} answer
 * @param {number} row
 * @param {{ chosen: string | undefined, selected: boolean, opened: boolean | undefined, accuracies: Record<Accuracy, string>,
 *           onSelect: (row: number) => void, onChoose: (row: number, uuid: string | undefined) => void }} options
 */
export function answerRow(answer, row, { chosen, selected, opened, accuracies, onSelect, onChoose }) {
  const match = taken(answer, chosen);
  const open = isOpen(answer, chosen);
  const accuracy = match?.accuracy ?? "unknown";
  return h(
    "li",
    { class: `geo-row${open ? " is-open" : ""}${selected ? " is-selected" : ""}`, "data-row": row, "data-accuracy": accuracy },
    h(
      "button",
      { type: "button", class: "geo-main", "aria-pressed": selected ? "true" : "false", onclick: () => onSelect(row) },
      h("span", { class: "geo-number figures quiet small" }, row + 1),
      h("span", { class: "geo-text" }, answer.text),
      h("span", { class: `badge geo-${accuracy}` }, accuracies[accuracy]),
      h("span", { class: "geo-match" }, match ? pathText(match) : text("No place found")),
      match && h("span", { class: "geo-score figures quiet small", title: text("Score") }, match.score.toFixed(2)),
    ),
    chosen === undefined ? findings(answer) : h("p", { class: "geo-note small" }, icon("check"), text("Chosen by hand")),
    alternatives(answer, row, match, opened ?? isLeftOpen(answer), onChoose),
  );
}

/** Whether the text itself leaves it open, so that the reader has to choose. @param {Answer} answer */
const isLeftOpen = ({ match, findings: all }) => !match || all.some(({ rule }) => rule === "several-places");

/** @param {Match} match */
const pathText = (match) => match.path.join(" ");

/** @param {Answer} answer */
function findings({ findings: all }) {
  return all.map(({ severity, message, advice }) =>
    h("p", { class: `geo-note small${severity === "warning" ? " is-warning" : ""}` }, severity === "warning" && icon("warning"), [message, severity === "warning" && advice].filter(Boolean).join(" ")),
  );
}

/**
 * @param {Answer} answer
 * @param {number} row
 * @param {Match | null} own
 * @param {boolean} open whether they show
 * @param {(row: number, uuid: string | undefined) => void} onChoose
 */
function alternatives(answer, row, own, open, onChoose) {
  const all = [...(answer.match ? [answer.match] : []), ...answer.alternatives];
  if (others(answer, own).length === 0) return null;
  return h(
    "details",
    { class: "geo-others", open },
    h("summary", { class: "small" }, text("Other places: %(count)s", { count: others(answer, own).length })),
    h(
      "fieldset",
      {},
      h("legend", { class: "out-of-sight" }, text("Which place “%(text)s” means", { text: answer.text })),
      all.map((each) =>
        h(
          "label",
          { class: "check geo-choice" },
          h("input", { type: "radio", name: `geo-${row}`, value: each.uuid, checked: each.uuid === own?.uuid, onchange: () => onChoose(row, each.uuid === answer.match?.uuid ? undefined : each.uuid) }),
          h("span", {}, pathText(each)),
          h("span", { class: "figures quiet small" }, each.score.toFixed(2)),
        ),
      ),
    ),
  );
}
