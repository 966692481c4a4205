/**
 * One submission: the draw, the sample judged by keyboard, results as they come, the decision.
 *
 * @import { Results } from "./results.js"
 */
import { mountDialogs } from "../dialogs.js";
import { byId, h } from "../dom.js";
import { askJson, faultText, isAbort, send } from "../fetching.js";
import { isShown, moved, onwards, sampleKey } from "../logic/sample.js";
import { settings as given } from "../page-data.js";
import { mountBanner } from "../status.js";
import { showResults } from "./results.js";

/**
 * @typedef {{ position: number, verdict: string, verdict_title: string, fields: string[], fields_text: string, remark: string, who: string, edition: number }} Judged
 * @typedef {{ name: string, place: string, position: number, values: { title: string, text: string, now: string | null }[] }} RecordAnswer
 * @typedef {{ submission: { uuid: string, version: number, judges: boolean }, results: Results | null }} PageSettings
 */
const settings = /** @type {PageSettings} */ (/** @type {unknown} */ (given));
const base = `/api/submissions/${settings.submission.uuid}`;
const judges = settings.submission.judges;
let { version } = settings.submission;
let results = settings.results;
const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".sub-row")]);
let chosen = 0;
let show = "";
let busy = false;
let abort = new AbortController();

mountBanner();
mountDialogs();
if (results) showResults(results);
if (rows.length) {
  const chips = byId("shown");
  show = chips.querySelector("[aria-pressed=true]")?.getAttribute("data-show") ?? "";
  chips.addEventListener("click", (event) => {
    const chip = event.target instanceof Element ? event.target.closest("[data-show]") : null;
    if (!(chip instanceof HTMLElement)) return;
    show = chip.dataset.show ?? "";
    for (const one of chips.querySelectorAll("[data-show]")) one.setAttribute("aria-pressed", String(one === chip));
    filter();
  });
  filter();
  byId("sample").addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
}
document.getElementById("keys-open")?.addEventListener("click", () => byId("keys", HTMLDialogElement).showModal());
document.getElementById("draw-form")?.addEventListener("submit", draw);
document.getElementById("wrong-form")?.addEventListener("submit", saidWrong);
document.getElementById("accept-open")?.addEventListener("click", () => ask("accept"));
document.getElementById("return-open")?.addEventListener("click", () => ask("return"));
document.getElementById("decide-form")?.addEventListener("submit", decide);

/** The rows as `logic/sample.js` takes them. */
const places = () => rows.map((row) => ({ position: Number(row.dataset.position), verdict: row.dataset.verdict ?? "", hidden: row.hidden === true }));

/** @param {number} position */
const rowOf = (position) => rows.find((row) => row.dataset.position === String(position));

function filter() {
  for (const row of rows) row.hidden = !isShown(show, row.dataset.verdict ?? "");
  byId("none-shown").hidden = rows.some((row) => !row.hidden);
}

/** @param {number} position */
function choose(position) {
  const row = rowOf(position);
  if (!row) return;
  chosen = position;
  for (const one of rows) one.classList.toggle("is-chosen", one === row);
  const pick = row.querySelector(".sub-pick");
  if (pick instanceof HTMLElement) pick.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  showRecord(position);
}

/** All that was drawn of a record, and what has changed since. @param {number} position */
async function showRecord(position) {
  abort.abort();
  abort = new AbortController();
  try {
    /** @type {RecordAnswer} */
    const found = await askJson(`${base}/sample/${position}`, { signal: abort.signal });
    byId("record-title").textContent = `${found.position} · ${found.name}`;
    byId("record-open", HTMLAnchorElement).href = `/workbench/${found.place}`;
    byId("record-map", HTMLAnchorElement).href = `/?pick=place-names:${found.place}`;
    byId("record-values").replaceChildren(
      ...found.values.flatMap(({ title, text, now }) => [h("dt", {}, title), h("dd", {}, now === null ? text : h("span", { class: "sub-then" }, h("del", {}, text || "–"), " → ", h("ins", {}, now || "–")))]),
    );
    byId("record").hidden = false;
  } catch (error) {
    if (!isAbort(error)) tell(error);
  }
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = event.target instanceof Element ? event.target : null;
  const row = target?.closest(".sub-row");
  if (!target || !(row instanceof HTMLElement) || target.closest("a")) return;
  const position = Number(row.dataset.position);
  choose(position);
  const say = target.closest("[data-say]");
  if (say instanceof HTMLElement) judge(position, say.dataset.say ?? "");
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = event.target instanceof Element ? event.target : document.body;
  const isTyping = target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, dialog[open]") !== null;
  const action = sampleKey(event, isTyping);
  if (!action) return;
  const row = rowOf(chosen);
  if (action === "next" || action === "previous") choose(moved(places(), chosen, action === "next" ? 1 : -1));
  else if (action === "open" && row) row.querySelector("a")?.click();
  else if (action === "help" && judges) byId("keys", HTMLDialogElement).showModal();
  else if (["right", "wrong", "clear"].includes(action) && row && judges) judge(chosen, action === "clear" ? "" : action);
  else return;
  event.preventDefault();
}

/** @param {number} position @param {string} verdict */
function judge(position, verdict) {
  if (verdict !== "wrong") {
    put(position, { verdict });
    return;
  }
  const row = rowOf(position);
  const fields = (row?.dataset.fields ?? "").split(" ");
  for (const box of document.querySelectorAll("#wrong-form input[name=field]")) if (box instanceof HTMLInputElement) box.checked = fields.includes(box.value);
  byId("wrong-name").textContent = `${position} · ${row?.querySelector(".sub-name")?.textContent ?? ""}`;
  byId("wrong-remark", HTMLInputElement).value = row?.querySelector(".sub-said-remark")?.textContent ?? "";
  byId("wrong-fault").replaceChildren();
  byId("wrong", HTMLDialogElement).showModal();
  const first = document.querySelector("#wrong-form input[name=field]");
  if (first instanceof HTMLElement) first.focus();
}

/** @param {Event} event */
async function saidWrong(event) {
  event.preventDefault();
  const fields = [...document.querySelectorAll("#wrong-form input[name=field]:checked")].map((box) => /** @type {HTMLInputElement} */ (box).value);
  const done = await put(chosen, { verdict: "wrong", fields, remark: byId("wrong-remark", HTMLInputElement).value }, "wrong-fault");
  if (done) {
    byId("wrong", HTMLDialogElement).close();
    choose(onwards(places(), chosen));
  }
}

/**
 * Writes a verdict and goes on to the next record that has none.
 *
 * @param {number} position
 * @param {{ verdict: string, fields?: string[], remark?: string }} said
 * @param {string} [faults] where a fault is told, and then one does not go on by itself
 */
async function put(position, said, faults = "") {
  const row = rowOf(position);
  if (busy || !row) return false;
  busy = true;
  try {
    const answer = await (await send(`${base}/sample/${position}`, { method: "PUT", body: { ...said, edition: Number(row.dataset.edition) } })).json();
    version = answer.version;
    results = answer.results;
    if (results) showResults(results);
    showVerdict(row, answer.row);
    byId("wrong-said").hidden = true;
    if (!faults && said.verdict) choose(onwards(places(), position));
    return true;
  } catch (error) {
    if (faults) byId(faults).replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
    else tell(error);
    return false;
  } finally {
    busy = false;
  }
}

/** @param {HTMLElement} row @param {Judged} judged */
function showVerdict(row, judged) {
  row.dataset.verdict = judged.verdict;
  row.dataset.edition = String(judged.edition);
  row.dataset.fields = judged.fields.join(" ");
  const say = (/** @type {string} */ name, /** @type {string} */ words) => {
    const element = row.querySelector(name);
    if (element instanceof HTMLElement) {
      element.textContent = words;
      if (element instanceof HTMLQuoteElement) element.hidden = !words;
    }
  };
  say(".sub-mark", judged.verdict_title);
  say(".sub-said-fields", judged.fields_text);
  say(".sub-said-remark", judged.remark);
  say(".sub-said-who", judged.verdict ? judged.who : "");
}

/** @param {unknown} error */
function tell(error) {
  byId("wrong-said").textContent = faultText(error);
  byId("wrong-said").hidden = false;
}

/** @param {Event} event */
async function draw(event) {
  event.preventDefault();
  const number = (/** @type {string} */ id) => {
    const { value } = byId(id, HTMLInputElement);
    return value === "" ? null : Number(value);
  };
  const go = byId("draw-do", HTMLButtonElement);
  go.disabled = true;
  try {
    await send(`${base}/draw`, { body: { version, share: number("share"), number: number("number"), seed: number("seed") } });
    location.reload();
  } catch (error) {
    go.disabled = false;
    byId("draw-fault").replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
  }
}

let action = "accept";

/** @param {"accept" | "return"} wanted */
function ask(wanted) {
  action = wanted;
  const label = (byId(`${wanted}-open`).textContent ?? "").replace("…", "").trim();
  const against = Boolean(results?.complete) && (wanted === "accept") !== results?.within;
  byId("decide-what").textContent = results && results.judged ? `${results.wrong} / ${results.judged} · ${results.share_text} (${results.interval_text})` : "";
  byId("decide-against").hidden = !against;
  byId("decide-remark", HTMLTextAreaElement).required = against || wanted === "return";
  byId("decide-do").textContent = label;
  byId("decide-fault").replaceChildren();
  byId("decide", HTMLDialogElement).showModal();
  byId("decide-remark").focus();
}

/** @param {Event} event */
async function decide(event) {
  event.preventDefault();
  const go = byId("decide-do", HTMLButtonElement);
  go.disabled = true;
  try {
    await send(`${base}/${action}`, { body: { version, remark: byId("decide-remark", HTMLTextAreaElement).value } });
    location.reload();
  } catch (error) {
    go.disabled = false;
    byId("decide-fault").replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
  }
}

document.documentElement.classList.add("is-ready");
