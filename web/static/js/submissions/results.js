/** What the verdicts come to, drawn into the page's tables. */
import { byId, h } from "../dom.js";

/**
 * @typedef {{ judged: number, wrong: number, share: number | null, share_text: string, interval_text: string }} Share
 * @typedef {Share & { size: number, complete: boolean, within: boolean, majors: (Share & { title: string })[], fields: { title: string, count: number }[] }} Results
 */

/** @param {Results} results */
export function showResults({ size, judged, wrong, share_text: share, interval_text: interval, complete, within, majors, fields }) {
  byId("res-share").textContent = share || "–";
  byId("res-wrong").textContent = String(wrong);
  byId("res-judged").textContent = `${judged} (${size})`;
  byId("res-interval").textContent = interval || "–";
  byId("res-progress", HTMLProgressElement).value = size ? judged / size : 0;
  byId("res-within").hidden = !complete || !within;
  byId("res-above").hidden = !judged || within;
  const number = (/** @type {string | number} */ value) => h("td", { class: "number" }, value);
  byId("res-majors").replaceChildren(...majors.map((one) => h("tr", {}, h("th", { scope: "row" }, one.title), number(one.judged), number(one.wrong), number(one.interval_text || "–"))));
  byId("res-fields").replaceChildren(...fields.map(({ title, count }) => h("tr", {}, h("th", { scope: "row" }, title), number(count))));
  byId("res-fields-box").hidden = !fields.length;
}
