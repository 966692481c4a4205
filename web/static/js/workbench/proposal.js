/**
 * What a finding proposes, before and after, character by character where a text changes.
 *
 * @import { Proposed } from "./types.js"
 */
import { h } from "../dom.js";
import { lang, text } from "../page-data.js";

const EMPTY = () => h("span", { class: "quiet" }, text("empty"));

/**
 * One field's change: what goes struck out, what comes set off.
 *
 * @param {string} before
 * @param {string} after
 */
export function difference(before, after) {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < before.length - head && tail < after.length - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const part = (/** @type {string} */ whole, /** @type {"del" | "ins"} */ tag) => {
    const middle = whole.slice(head, whole.length - tail);
    return [whole.slice(0, head), middle && h(tag, {}, middle), whole.slice(whole.length - tail)];
  };
  return h(
    "span",
    { class: "difference" },
    h("span", { class: "difference-before" }, before ? part(before, "del") : EMPTY()),
    h("span", { class: "difference-arrow", "aria-hidden": "true" }, "→"),
    h("span", { class: "difference-after" }, after ? part(after, "ins") : EMPTY()),
  );
}

/**
 * The fields of a proposal.
 *
 * @param {readonly Proposed[]} changes
 * @param {(field: string) => string} present the field's text as it stands
 */
export function proposal(changes, present) {
  return h(
    "dl",
    { class: "proposal" },
    changes.filter((one) => one.text !== present(one.field)).flatMap((one) => [h("dt", {}, one.title), h("dd", {}, difference(present(one.field), one.text))]),
  );
}

/**
 * A proposal in one line, for the list.
 *
 * @param {readonly Proposed[]} changes
 */
export const inShort = (changes) => changes.map((one) => `${one.title}${lang === "zh" ? "：" : ": "}${one.text || text("empty")}`).join(lang === "zh" ? "；" : "; ");
