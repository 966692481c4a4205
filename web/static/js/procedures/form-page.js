/**
 * The form of an application: what it is about, where it is, what the rules say as one writes, what hangs on a name.
 */
import { byId, h } from "../dom.js";
import { askJson, Fault, faultText, isAbort, send } from "../fetching.js";
import { valuesOf } from "../logic/procedures.js";
import { address } from "../logic/queries.js";
import { settings as given, lang, text, title } from "../page-data.js";
import { mountDrawing } from "./drawing.js";

/**
 * @typedef {{ rule: string, severity: string, field: string, field_title: string, message: string, advice: string, clause: string }} Finding
 * @typedef {{ value: string, title: { zh: string, en: string }, within: string }} Option
 * @typedef {{ uuid: string, name: string, kind: string, where: string }} Choice
 * @typedef {{ key: string, title: string, size: number, selectable: boolean, suggested: boolean, counted: boolean }} Group
 * @typedef {{ kind: string, of_place: boolean, names: boolean, channel: string, place: string, village: string, reserves: string, begun: Record<string, string>,
 *   application: any }} FormSettings
 */
const settings = /** @type {FormSettings} */ (/** @type {unknown} */ (given));
const form = byId("form", HTMLFormElement);
const go = byId("go", HTMLButtonElement);
const WAIT = 450;
/** What is said of the applicant. */
const SAID = ["reason", "unit", "person"];
/** An input or a text area of the form. @param {string} id */
const field = (id) => /** @type {HTMLInputElement} */ (byId(id));
let place = settings.place;
let timer = 0;
let abort = new AbortController();
/** @type {Awaited<ReturnType<typeof mountDrawing>> | null} */
let drawing = null;
/** Groups that were chosen in an application that is changed; null: as they are suggested. @type {string[] | null} */
let carried = settings.application ? settings.application.carried_keys : null;

/** Where the villages of the chosen town lie. @type {Map<string, [number, number]>} */
const seats = new Map();
const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll("[data-value]"));
for (const input of inputs) input.addEventListener("input", later);

async function begin() {
  const old = settings.application;
  if (old) fill(old);
  else for (const input of inputs) input.value = settings.begun[input.dataset.value ?? ""] ?? "";
  if (settings.of_place) await beginPlace();
  else if (settings.names) await beginPosition(old);
  if (old || settings.begun.name) check();
}

/** @param {any} old */
function fill(old) {
  for (const input of inputs) input.value = old.proposed.values?.[input.dataset.value ?? ""] ?? "";
  for (const name of SAID) field(name).value = old[name];
}

/** A new name: classes and divisions to choose from, and the map. @param {any} old */
async function beginPosition(old) {
  /** @type {{ fields: { name: string, options?: Option[] }[] }} */
  const { fields } = await askJson("/api/records/place-names/form");
  const options = (/** @type {string} */ name) => fields.find((field) => field.name === name)?.options ?? [];
  const values = old ? old.proposed.values : settings.begun;
  const village = values.village_code ?? settings.village;
  const select = (/** @type {string} */ name) => byId(`f-${name}`, HTMLSelectElement);
  const offer = (/** @type {string} */ name, /** @type {Option[]} */ list, /** @type {string} */ chosen) => {
    select(name).replaceChildren(h("option", { value: "" }, "–"), ...list.map(({ value, title: titles }) => h("option", { value, selected: value === chosen }, title(titles))));
  };
  const classes = options("class_code");
  offer("class_code", classes, values.class_code ?? "");
  const towns = options("town_code");
  const town = values.town_code ?? village.slice(0, 9);
  const county = values.county_code ?? towns.find(({ value }) => value === town)?.within ?? "";
  offer("county_code", options("county_code"), county);
  const townsOf = () => offer("town_code", towns.filter(({ within }) => !select("county_code").value || within === select("county_code").value), town);
  townsOf();
  drawing = await mountDrawing({ onChange: later });
  await villagesOf(village);
  select("county_code").addEventListener("change", async () => {
    townsOf();
    await villagesOf("");
  });
  select("town_code").addEventListener("change", () => villagesOf(""));
  select("village_code").addEventListener("change", () => look());
  drawing.put(old ? (old.proposed.extent ?? old.proposed.geometry) : null);
  if (settings.reserves && !old) await fromReserved();
}

/** @param {string} chosen */
async function villagesOf(chosen) {
  const town = byId("f-town_code", HTMLSelectElement).value;
  const select = byId("f-village_code", HTMLSelectElement);
  seats.clear();
  /** @type {GeoJSON.FeatureCollection<GeoJSON.Point, { code: string, name: string }>} */
  const found = town ? await askJson(address("/api/features/divisions", { class: "village", town, limit: 500 })) : { type: "FeatureCollection", features: [] };
  for (const { properties, geometry } of found.features) if (geometry) seats.set(properties.code, /** @type {[number, number]} */ (geometry.coordinates));
  const list = found.features.map(({ properties }) => properties).toSorted((one, other) => one.code.localeCompare(other.code));
  select.replaceChildren(h("option", { value: "" }, "–"), ...list.map(({ code, name }) => h("option", { value: code, selected: code === chosen }, name)));
  look();
}

function look() {
  const select = byId("f-village_code", HTMLSelectElement);
  const seat = seats.get(select.value) ?? [...seats.values()][0];
  if (seat) drawing?.look(seat[0], seat[1], select.selectedOptions[0]?.textContent ?? "");
}

/** The values of a name that was reserved. */
async function fromReserved() {
  const reserved = await askJson(`/api/procedures/${settings.reserves}`);
  fill(reserved);
  byId("f-class_code", HTMLSelectElement).value = reserved.class_code;
  byId("f-county_code", HTMLSelectElement).value = reserved.county;
  byId("f-town_code", HTMLSelectElement).value = reserved.town;
  await villagesOf(reserved.village);
  drawing?.put(reserved.proposed.extent ?? reserved.proposed.geometry);
  check();
}

/** A procedure about a place: found by its name, unless the address names it. */
async function beginPlace() {
  const query = byId("place-query", HTMLInputElement);
  if (place) await choosePlace(place);
  let wait = 0;
  query.addEventListener("input", () => {
    clearTimeout(wait);
    wait = window.setTimeout(async () => {
      const words = query.value.trim();
      /** @type {{ places: Choice[] }} */
      const { places } = words ? await askJson(address("/api/procedures/places", { q: words })) : { places: [] };
      byId("place-found").replaceChildren(
        ...places.map((one) =>
          h("li", {}, h("button", { type: "button", class: "proc-hit", onclick: () => choosePlace(one.uuid) }, h("strong", {}, one.name), " ", h("span", { class: "quiet small" }, `${one.kind} · ${one.where}`))),
        ),
      );
    }, 200);
  });
  query.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "ArrowDown") {
      const first = byId("place-found").querySelector("button");
      if (first) first.focus();
    }
  });
}

/** @param {string} uuid */
async function choosePlace(uuid) {
  const answer = await askJson(`/api/features/place-names/${uuid}`);
  const { properties } = answer;
  place = uuid;
  byId("place-found").replaceChildren();
  byId("place-chosen").replaceChildren(
    h("strong", {}, properties.name), " ", h("span", { class: "quiet" }, [properties.roman, properties.place_code].filter(Boolean).join(" · ")), " ",
    h("a", { href: `/?pick=place-names:${uuid}`, class: "small" }, text("On the map")),
  );
  later();
}

function later() {
  clearTimeout(timer);
  timer = window.setTimeout(check, WAIT);
}

/** The application as it would be sent. */
function request() {
  const values = valuesOf(Object.fromEntries([...inputs].map((input) => [input.dataset.value ?? "", input.value])));
  const draft = { ...(settings.names ? { values } : {}), ...(drawing?.draft() ?? {}) };
  /** @type {Record<string, unknown>} */
  const body = { kind: settings.kind, channel: settings.channel, place, draft };
  for (const name of SAID) body[name] = field(name).value.trim();
  if (settings.reserves) body.reserves = settings.reserves;
  const boxes = [...document.querySelectorAll("#ripple-groups input:checked")];
  if (settings.kind === "rename") body.carried = boxes.map((box) => (box instanceof HTMLInputElement ? box.value : ""));
  return body;
}

async function check() {
  if (!settings.names) return;
  const name = byId("f-name", HTMLInputElement).value.trim();
  if (!name || (settings.of_place && !place)) return;
  abort.abort();
  abort = new AbortController();
  const { signal } = abort;
  try {
    const own = settings.application ? `?uuid=${settings.application.uuid}` : "";
    const answer = await (await send(`/api/procedures/check${own}`, { body: request(), signal })).json();
    draw(answer.findings, answer.follows);
    if (settings.kind === "rename") await ripple(name, signal);
  } catch (error) {
    if (isAbort(error)) return;
    byId("check").replaceChildren(h("p", { class: "quiet" }, faultText(error)));
  }
}

/** @param {Finding[]} findings @param {Record<string, string | null>} follows */
function draw(findings, follows) {
  const roman = document.getElementById("f-roman");
  if (roman instanceof HTMLInputElement && !roman.value) roman.placeholder = follows.roman ?? "";
  for (const said of document.querySelectorAll(".proc-said")) said.replaceChildren();
  for (const input of inputs) input.setAttribute("aria-invalid", String(findings.some(({ field, severity }) => field === input.dataset.value && severity === "error")));
  const badge = (/** @type {string} */ severity) => (severity === "error" ? ["badge-danger", text("stands in the way")] : severity === "warning" ? ["badge-warning", text("to be looked at")] : ["", text("for information")]);
  const item = (/** @type {Finding} */ one) =>
    h("li", { class: `finding is-${one.severity}`, "data-rule": one.rule }, h("span", { class: `badge ${badge(one.severity)[0]}` }, badge(one.severity)[1]),
      h("div", {}, h("p", {}, one.field_title && h("strong", {}, `${one.field_title}: `), one.message, " ", h("span", { class: "quiet" }, one.advice)), one.clause && h("p", { class: "small quiet" }, one.clause)));
  const code = follows.place_code && !settings.of_place ? h("p", { class: "small quiet" }, text("It would get the code %(code)s.", { code: follows.place_code })) : "";
  byId("check").replaceChildren(findings.length ? h("ul", { class: "findings" }, findings.map(item)) : h("p", { class: "proc-good" }, text("No rule objects.")), code);
}

/** What hangs on the name that is given up. @param {string} name @param {AbortSignal} signal */
async function ripple(name, signal) {
  /** @type {{ groups: Group[] }} */
  const { groups } = await askJson(address(`/api/ripple/place-names/${place}`, { name, most: 0 }), { signal });
  const shown = groups.filter(({ size }) => size > 0);
  byId("ripple").hidden = shown.length === 0;
  const ticked = new Set(carried ?? groups.filter(({ suggested, selectable }) => suggested && selectable).map(({ key }) => key));
  byId("ripple-groups").replaceChildren(
    ...shown.map(({ key, title: words, size, selectable }) =>
      h("label", { class: "check" }, h("input", { type: "checkbox", value: key, checked: selectable && ticked.has(key), disabled: !selectable, onchange: remember }), h("span", {}, `${words} · ${size.toLocaleString(lang === "zh" ? "zh-CN" : "en-GB")}`)),
    ),
    h("p", { class: "small" }, h("a", { href: `/ripple/place-names/${place}?name=${encodeURIComponent(name)}`, target: "_blank" }, text("Each of them, before and after"))),
  );
}

function remember() {
  carried = [...document.querySelectorAll("#ripple-groups input:checked")].map((box) => (box instanceof HTMLInputElement ? box.value : ""));
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  go.disabled = true;
  byId("wrong").replaceChildren();
  try {
    const old = settings.application;
    const body = old ? { ...request(), version: old.version } : request();
    const answer = await send(old ? `/api/procedures/${old.uuid}` : "/api/procedures", { method: old ? "PUT" : "POST", body });
    const { uuid } = await answer.json();
    location.assign(`/procedures/${uuid}`);
  } catch (error) {
    go.disabled = false;
    byId("wrong").replaceChildren(h("p", { class: "note note-danger" }, error instanceof Fault ? faultText(error) : String(error)));
  }
});

await begin();
document.documentElement.classList.add("is-ready");
