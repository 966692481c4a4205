/**
 * One finding on a record's page: what is wrong, what is proposed, what may be done, each by one key.
 *
 * @import { Proposed, WorkFinding } from "./types.js"
 */
import { button, h } from "../dom.js";
import { lang, text } from "../page-data.js";
import { proposal } from "./proposal.js";

/**
 * @param {WorkFinding} finding
 * @param {{ isFirst: boolean, present: (field: string) => string, onAccept: (candidate?: number) => void, onKeep: () => void, onSkip: () => void, onReopen: () => void, onOther: (uuid: string) => void,
 *           others: { uuid: string, name: string, town: string }[] }} options
 */
export function findingCard(finding, { isFirst, present, onAccept, onKeep, onSkip, onReopen, onOther, others }) {
  const { severity, severity_title: said, rule_title: title, clause, message, advice, fix, candidates, state, skipped, synthetic } = finding;
  const isOpen = state === "open";
  const key = (/** @type {string} */ label) => (isFirst ? h("kbd", {}, label) : null);
  const act = (/** @type {string} */ label, /** @type {string} */ shortcut, /** @type {() => void} */ run, /** @type {"main" | undefined} */ kind) => h("button", { type: "button", class: `button button-small${kind ? " button-main" : ""}`, onclick: run }, h("span", {}, label), key(shortcut));
  /** @param {Proposed[]} way @param {number} at */
  const choice = (way, at) =>
    h("li", { class: "candidate" }, proposal(way, present), isOpen && h("button", { type: "button", class: "button button-small", onclick: () => onAccept(at) }, h("span", {}, text("Take this")), isFirst && at < 9 ? h("kbd", {}, String(at + 1)) : null));
  return h(
    "article",
    { class: `card finding-card is-${severity}${isFirst ? " is-first" : ""}${isOpen ? "" : " is-kept"}`, "data-key": finding.key, "data-rule": finding.rule },
    h("p", { class: "finding-head" }, h("span", { class: "work-dot", "aria-hidden": "true" }), h("strong", {}, title), h("span", { class: "badge" }, said), !isOpen && h("span", { class: "badge badge-good" }, text("kept as it is")), skipped && h("span", { class: "badge" }, text("skipped")), synthetic && h("span", { class: "badge badge-warning" }, text("synthetic"))),
    h("p", {}, message),
    advice && h("p", { class: "quiet small" }, advice),
    fix.length > 0 && h("div", { class: "finding-way" }, h("p", { class: "label" }, text("Proposed")), proposal(fix, present)),
    candidates.length > 0 && h("ol", { class: "candidates" }, candidates.map(choice)),
    others.length > 0 && h("p", { class: "small finding-others" }, text("See also"), lang === "zh" ? "：" : ": ", others.slice(0, 8).map((one) => h("button", { type: "button", class: "link", onclick: () => onOther(one.uuid) }, `${one.town}${one.name}`)), others.length > 8 && ` +${others.length - 8}`),
    h(
      "div",
      { class: "actions finding-actions" },
      isOpen && fix.length > 0 && act(text("Accept"), "A", () => onAccept(), "main"),
      isOpen && act(text("Right as it is"), "K", onKeep, undefined),
      isOpen && !skipped && act(text("Skip"), "S", onSkip, undefined),
      (!isOpen || skipped) && button(text("Open again"), { small: true, onclick: onReopen }),
    ),
    h("p", { class: "quiet small finding-clause" }, clause),
  );
}
