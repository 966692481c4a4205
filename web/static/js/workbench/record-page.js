/**
 * One record after another: findings with proposals, the form, the map, the history, worked by keyboard.
 *
 * @import { ConflictAnswer, FeatureAnswer, FormAnswer, HistoryEntry, SavedAnswer } from "../api.js"
 * @import { Form } from "../editing/form.js"
 * @import { RecordAnswer, WorkFinding } from "./types.js"
 */
import { mountDialogs } from "../dialogs.js";
import { button, byId, h } from "../dom.js";
import { askConflict } from "../editing/conflict.js";
import { createForm } from "../editing/form.js";
import { changesOf } from "../editing/record-history.js";
import { askJson, Fault, faultText, isAbort, send } from "../fetching.js";
import { changedValues, inputText } from "../logic/editing.js";
import { addressOf, filtersOf, keyAction, stepped } from "../logic/worklist.js";
import { text, title } from "../page-data.js";
import { mountNames } from "../names/names-card.js";
import { mountSmallMap } from "../small-map.js";
import { mountBanner } from "../status.js";
import { findingCard } from "./finding-card.js";
import { queueOf } from "./queue.js";

const LAYER = "place-names";
const PAUSE = 250;
const SAID_FOR = 4000;

mountBanner();
mountDialogs();
const bench = byId("bench");
const filters = filtersOf(location.search);
const search = addressOf(filters);
/** @type {FormAnswer} */
let form;
/** @type {FeatureAnswer} */
let feature;
/** @type {RecordAnswer} */
let answer;
/** @type {Form} */
let fields;
let uuid = bench.dataset.uuid ?? "";
/** What was saved last, to be taken back. @type {{ uuid: string, seq: number | null, batch: string | null } | null} */
let last = null;
let busy = false;
/** The finding that is being kept as it is. @type {WorkFinding | null} */
let keeping = null;
let checking = 0;
let saidTimer = 0;
let abort = new AbortController();
/** @type {Awaited<ReturnType<typeof mountSmallMap>> | null} */
let map = null;
const names = mountNames(byId("names"), {
  onChange: (saved) => {
    last = saved ? { uuid, seq: saved.seq, batch: saved.batch } : null;
    load(uuid);
  },
});

const queue = await queueOf(location.search).catch(() => null);
byId("back", HTMLAnchorElement).href = `/workbench${search}`;
mountSmallMap(byId("map"), { label: text("Map"), onPick: (other) => go(other) }).then(
  (made) => {
    map = made;
    showOnMap();
  },
  () => byId("map").replaceChildren(h("p", { class: "note" }, text("The map cannot be drawn here."))),
);
byId("next").addEventListener("click", () => step(1));
byId("previous").addEventListener("click", () => step(-1));
byId("keys-open").addEventListener("click", () => byId("keys", HTMLDialogElement).showModal());
byId("undo-last").addEventListener("click", () => undo());
addEventListener("popstate", () => load(location.pathname.split("/").at(-1) ?? uuid));
document.addEventListener("keydown", onKey);

/** @param {string} other */
function go(other) {
  history.pushState(null, "", `/workbench/${other}${search}`);
  load(other);
}

/** @param {1 | -1} by */
async function step(by) {
  let next = queue ? stepped(queue.uuids, uuid, by) : null;
  if (!next && by > 0 && queue && (await queue.more().catch(() => false))) next = stepped(queue.uuids, uuid, by);
  if (next) go(next);
  else say(by > 0 ? text("That was the last one of the list.") : text("That is the first one of the list."));
}

/** @param {string} wanted */
async function load(wanted) {
  abort.abort();
  abort = new AbortController();
  const { signal } = abort;
  uuid = wanted;
  try {
    const [found, own, made] = await Promise.all([
      askJson(`/api/features/${LAYER}/${wanted}`, { signal }),
      askJson(`/api/workbench/records/${wanted}`, { signal }),
      form ?? askJson(`/api/records/${LAYER}/form`, { signal }),
    ]);
    if (signal.aborted) return;
    feature = found;
    answer = own;
    form = made;
    byId("work-wrong").hidden = true;
    draw();
  } catch (error) {
    if (!isAbort(error)) tell(error);
  }
}

/** @param {unknown} error */
function tell(error) {
  byId("work-wrong").textContent = faultText(error);
  byId("work-wrong").hidden = false;
}

/** @param {string} words */
function say(words) {
  clearTimeout(saidTimer);
  byId("work-said").textContent = words;
  byId("work-said").hidden = false;
  saidTimer = window.setTimeout(() => (byId("work-said").hidden = true), SAID_FOR);
}

/** What stands in a field, as people read it. @param {string} name */
function present(name) {
  const value = feature.properties[name];
  const titles = feature.titles?.[name];
  return titles ? title(titles) : inputText(value, "str");
}

function draw() {
  const { properties } = feature;
  const name = String(properties.name ?? "");
  document.title = `${name} · ${document.title.split(" · ").slice(-2).join(" · ")}`;
  byId("name").textContent = name || text("without a name");
  const where = ["county_code", "town_code", "village_code"].map((key) => title(feature.titles?.[key])).filter(Boolean);
  byId("where").textContent = [where.join(" "), String(properties.place_code ?? ""), title(feature.titles?.major)].filter(Boolean).join(" · ");
  const at = queue ? queue.uuids.indexOf(uuid) : -1;
  byId("position").textContent = at >= 0 && queue ? text("%(at)s of %(count)s", { at: at + 1, count: queue.following ? `${queue.uuids.length}+` : queue.uuids.length }) : "";
  byId("undo-last").hidden = !last;
  drawFindings();
  drawForm();
  names.show(uuid);
  drawHistory();
  showOnMap();
}

/** Findings that are to be worked off, the first of which the keys mean. */
const open = () => answer.findings.filter(({ state, skipped }) => state === "open" && !skipped);

function drawFindings() {
  const first = open()[0];
  const card = (/** @type {WorkFinding} */ finding) =>
    findingCard(finding, {
      isFirst: finding === first,
      present,
      onAccept: (candidate) => accept(finding, candidate),
      onKeep: () => keep(finding),
      onSkip: () => decide(finding, "skip"),
      onReopen: () => decide(finding, "reopen"),
      onOther: go,
      others: answer.others.filter((one) => finding.others.includes(one.uuid)),
    });
  const decisions = answer.decisions.map((one) => h("li", { class: "small quiet" }, `${one.who}: ${one.why}`));
  byId("findings").replaceChildren(
    ...(answer.needs_check ? [h("p", { class: "note" }, text("The names must be checked anew: go back to the list."))] : []),
    ...(answer.findings.length ? answer.findings.map(card) : [h("div", { class: "card empty" }, h("p", {}, text("Nothing is wrong with this record.")), button(text("Next"), { icon: "right", kind: "main", onclick: () => step(1) }))]),
    ...(decisions.length ? [h("ul", { class: "bench-decisions" }, decisions)] : []),
  );
}

function drawForm() {
  fields = createForm(form, feature.properties, { onInput: () => later() });
  const why = h("input", { class: "input", id: "form-why", maxlength: 500, autocomplete: "off", placeholder: text("Edited in the workbench"), "aria-label": text("Reason") });
  const save = button(text("Save"), { kind: "main", icon: "check", id: "form-save", onclick: () => saveForm() });
  const fault = h("div", { role: "alert", id: "form-fault" });
  byId("form").replaceChildren(fields.element);
  byId("form-foot").replaceChildren(fault, why, h("div", { class: "actions" }, button(text("Put back"), { onclick: () => drawForm() }), save));
  byId("form-foot").hidden = true;
  for (const { field } of answer.findings) byId("form").querySelector(`[data-field="${CSS.escape(field || "none")}"]`)?.classList.add("is-found");
}

function later() {
  byId("form-foot").hidden = false;
  clearTimeout(checking);
  checking = window.setTimeout(look, PAUSE);
}

/** What the server says of what is typed. */
async function look() {
  const mine = uuid;
  try {
    const found = await (await send(`/api/records/${LAYER}/check?uuid=${mine}`, { body: draft() })).json();
    if (mine !== uuid) return;
    fields.show(found.findings);
    fields.showFollows(found.follows);
  } catch (error) {
    if (mine === uuid) byId("form-fault").replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
  }
}

const values = () => changedValues(form.fields, feature.properties, fields.texts());

/** @param {Record<string, unknown>} [more] */
function draft(more) {
  const input = document.getElementById("form-why");
  const why = input instanceof HTMLInputElement ? input.value.trim() : "";
  return { values: { ...values(), ...more }, version: Number(feature.properties.version), why: why || "Edited in the workbench" };
}

async function saveForm() {
  if (busy || !Object.keys(values()).length) return;
  await save(() => send(`/api/records/${LAYER}/${uuid}`, { method: "PUT", body: draft() }));
}

/** @param {WorkFinding} finding @param {number} [candidate] */
async function accept(finding, candidate) {
  if (busy) return;
  await save(() => send("/api/workbench/accept", { body: { key: finding.key, version: Number(feature.properties.version), ...(candidate === undefined ? {} : { candidate }) } }), candidate === undefined ? finding.fix : finding.candidates[candidate]);
}

/**
 * Writes, tells what came of it and goes on; of a record that another has saved both versions are shown.
 *
 * @param {() => Promise<Response>} ask
 * @param {readonly { field: string, value: unknown }[]} [wanted] what would be written, where the form does not hold it
 */
async function save(ask, wanted = []) {
  busy = true;
  try {
    /** @type {SavedAnswer} */
    const saved = await (await ask()).json();
    done(saved);
  } catch (error) {
    if (error instanceof Fault && error.status === 409 && error.problem.conflict) await settle(/** @type {ConflictAnswer} */ (error.problem.conflict));
    else if (error instanceof Fault && error.problem.findings) {
      fields.show(/** @type {any} */ (error.problem.findings));
      byId("form-foot").hidden = false;
      tell(error);
      for (const { field, value } of wanted) fields.set(field, inputText(value, "str"));
      fields.focus();
    } else tell(error);
  } finally {
    busy = false;
  }
}

/** @param {ConflictAnswer} conflict */
async function settle(conflict) {
  const chosen = await askConflict(conflict);
  if (!chosen) return;
  try {
    const saved = await (await send(`/api/records/${LAYER}/${uuid}`, { method: "PUT", body: { values: chosen.values, version: conflict.version, why: "Edited in the workbench" } })).json();
    done(saved);
  } catch (error) {
    tell(error);
  }
}

/** @param {SavedAnswer} saved */
async function done(saved) {
  last = { uuid, seq: saved.seq, batch: saved.batch };
  say(text("Saved."));
  await load(uuid);
  if (!open().length) await step(1);
}

async function undo() {
  if (!last || busy) return;
  busy = true;
  const { uuid: of, seq, batch } = last;
  try {
    await send(`/api/records/${LAYER}/${of}/undo`, { body: batch ? { batch } : { seq } });
    last = null;
    say(text("Undone."));
    if (of === uuid) await load(of);
    else go(of);
  } catch (error) {
    tell(error);
  } finally {
    busy = false;
  }
}

/** @param {WorkFinding} finding @param {"skip" | "reopen"} action */
async function decide(finding, action) {
  if (busy) return;
  busy = true;
  try {
    await send(`/api/workbench/${action}`, { body: { key: finding.key } });
    await load(uuid);
    if (action === "skip" && !open().length) await step(1);
  } catch (error) {
    tell(error);
  } finally {
    busy = false;
  }
}

const keepWhy = byId("keep-why", HTMLInputElement);
byId("keep-do").addEventListener("click", () => kept());
keepWhy.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    kept();
  }
});

/** @param {WorkFinding} finding */
function keep(finding) {
  keeping = finding;
  byId("keep-what").textContent = finding.message;
  byId("keep-fault").replaceChildren();
  byId("keep", HTMLDialogElement).showModal();
  keepWhy.focus();
  keepWhy.select();
}

async function kept() {
  if (!keeping) return;
  try {
    await send("/api/workbench/keep", { body: { key: keeping.key, why: keepWhy.value } });
    byId("keep", HTMLDialogElement).close();
    await load(uuid);
    if (!open().length) await step(1);
  } catch (error) {
    byId("keep-fault").replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
  }
}

async function drawHistory() {
  const mine = uuid;
  const body = byId("history");
  try {
    /** @type {{ entries: HistoryEntry[] }} */
    const { entries } = await askJson(`/api/history?layer=${LAYER}&uuid=${encodeURIComponent(mine)}&limit=8`);
    if (mine === uuid) body.replaceChildren(changesOf(entries, { layer: LAYER, uuid: mine }));
  } catch (error) {
    if (mine === uuid) body.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
  }
}

function showOnMap() {
  if (!feature) return;
  const [lon, lat] = feature.geometry?.type === "Point" ? feature.geometry.coordinates : [];
  const main = lon !== undefined && lat !== undefined ? [{ lon, lat, name: String(feature.properties.name ?? ""), main: true }] : [];
  const others = answer.others.flatMap((one) => (one.lon === null || one.lat === null ? [] : [{ lon: one.lon, lat: one.lat, name: one.name, uuid: one.uuid }]));
  map?.show([...main, ...others]);
  byId("others").replaceChildren(h("li", {}, h("a", { href: `/?pick=${LAYER}:${uuid}`, target: "_blank", rel: "noopener" }, text("On the large map"))), ...(main.length ? [] : [h("li", { class: "quiet small" }, text("It has no place on the map."))]));
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const target = event.target instanceof Element ? event.target : document.body;
  const isTyping = target.closest("input:not([type=checkbox]):not([type=radio]), select, textarea, dialog[open]") !== null;
  if (event.key === "Escape" && isTyping && !target.closest("dialog[open]")) {
    if (target instanceof HTMLElement) target.blur();
    return;
  }
  if (event.key === "Enter" && isTyping && target.closest("#form, #form-foot") && (!(target instanceof HTMLTextAreaElement) || event.ctrlKey || event.metaKey) && !event.isComposing) {
    event.preventDefault();
    saveForm();
    return;
  }
  const wanted = keyAction(event, isTyping);
  if (!wanted || !answer) return;
  event.preventDefault();
  const first = open()[0];
  if (wanted.action === "accept" && first) {
    if (first.fix.length) accept(first);
    else say(text("Nothing is proposed here: change it by hand, keep it or skip it."));
  } else if (wanted.action === "choose" && first && wanted.candidate !== undefined && first.candidates[wanted.candidate]) accept(first, wanted.candidate);
  else if (wanted.action === "change") toField(first);
  else if (wanted.action === "skip" && first) decide(first, "skip");
  else if (wanted.action === "keep" && first) keep(first);
  else if (wanted.action === "next") step(1);
  else if (wanted.action === "previous") step(-1);
  else if (wanted.action === "undo") undo();
  else if (wanted.action === "help") byId("keys", HTMLDialogElement).showModal();
}

/** To the field that a finding is about. @param {WorkFinding | undefined} finding */
function toField(finding) {
  const wanted = finding && document.getElementById(`edit-${finding.field}`);
  if (wanted instanceof HTMLElement) {
    wanted.closest("details")?.setAttribute("open", "");
    wanted.focus();
    wanted.scrollIntoView({ block: "center" });
    if (wanted instanceof HTMLInputElement) wanted.select();
  } else fields.focus();
}

await load(uuid);
document.documentElement.classList.add("is-ready");
