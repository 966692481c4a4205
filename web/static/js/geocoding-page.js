/**
 * The page of addresses: a box for them, the list of what was found beside a map, and the table to take away.
 *
 * @import { Accuracy, Answer, GeocodingSettings } from "./geocoding/types.js"
 * @import { FoundMap } from "./geocoding/map.js"
 */
import { byId, h } from "./dom.js";
import { save } from "./download.js";
import { faultText, isAbort, send } from "./fetching.js";
import { mountMap } from "./geocoding/map.js";
import { answerRow } from "./geocoding/row.js";
import { ACCURACIES, counts, isOpen, pointsOf, taken, textsOf } from "./logic/geocoding.js";
import { fileName } from "./logic/queries.js";
import { lang, settings as pageSettings, text } from "./page-data.js";

const settings = /** @type {GeocodingSettings} */ (/** @type {unknown} */ (pageSettings));
const form = byId("geo-form", HTMLFormElement);
const box = byId("geo-texts", HTMLTextAreaElement);
const county = byId("geo-county", HTMLSelectElement);
const go = byId("geo-go", HTMLButtonElement);
const list = byId("geo-list");
const number = new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en-GB");

/** @type {Answer[]} */
let answers = [];
/** By the row the permanent id that was chosen. @type {Map<number, string>} */
let chosen = new Map();
/** @type {number | null} */
let selected = null;
/** @type {Accuracy | "open" | null} */
let only = null;
/** The answers of which the list shows some. */
let drawn = answers;
/** @type {FoundMap | null} */
let map = null;
let abort = new AbortController();

form.addEventListener("submit", (event) => {
  event.preventDefault();
  find();
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    find();
  }
});
box.addEventListener("input", showHowMany);
for (const control of document.querySelectorAll("[data-take]")) {
  if (control instanceof HTMLButtonElement) control.addEventListener("click", () => take(control));
}
byId("geo-clear").addEventListener("click", () => {
  box.value = "";
  answers = [];
  forget();
  showHowMany();
  draw();
  box.focus();
});
list.addEventListener("keydown", (event) => {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const here = event.target instanceof Element && event.target.classList.contains("geo-main") ? event.target.closest("li") : null;
  if (!step || !here) return;
  const next = step > 0 ? here.nextElementSibling : here.previousElementSibling;
  const main = next?.querySelector("button");
  if (!main) return;
  event.preventDefault();
  main.focus();
  select(Number(next?.getAttribute("data-row")), { focus: true });
});

mountMap(byId("geo-map"), { onPick: (row) => select(row, { scroll: true }) })
  .then((mounted) => {
    map = mounted;
    byId("geo-synthetic").hidden = !mounted.synthetic;
    drawMap({ look: true });
  })
  .catch((error) => {
    console.error(error);
    byId("geo-map").replaceChildren(h("p", { class: "note" }, text("The map cannot be drawn here.")));
  })
  .finally(() => document.documentElement.classList.add("is-ready"));

const asked = new URLSearchParams(location.search).get("text");
if (asked) {
  box.value = asked;
  find();
}
showHowMany();
draw();

function forget() {
  chosen = new Map();
  selected = null;
  only = null;
}

function showHowMany() {
  const count = textsOf(box.value).length;
  byId("geo-count").textContent = count ? text("Addresses: %(count)s", { count: number.format(count) }) : "";
}

async function find() {
  const texts = textsOf(box.value);
  say("");
  if (!texts.length) {
    say(text("Type or paste an address first."));
    box.focus();
    return;
  }
  if (texts.length > settings.most) {
    say(text("%(count)s addresses; this page takes %(most)s at once. For files: dijie geocode.", { count: number.format(texts.length), most: number.format(settings.most) }));
    return;
  }
  abort.abort();
  abort = new AbortController();
  go.disabled = true;
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await send(`/api/geocode${query()}`, { body: texts, signal: abort.signal });
    answers = (await answer.json()).answers;
    forget();
    if (answers.length === 1) selected = 0;
    draw();
    drawMap({ look: true });
  } catch (error) {
    if (!isAbort(error)) say(faultText(error));
  } finally {
    go.disabled = false;
    list.removeAttribute("aria-busy");
  }
}

function query() {
  return county.value ? `?county=${encodeURIComponent(county.value)}` : "";
}

/** @param {string} words */
function say(words) {
  const wrong = byId("geo-wrong");
  wrong.textContent = words;
  wrong.hidden = !words;
}

/**
 * @param {number} row
 * @param {{ focus?: boolean, scroll?: boolean }} [options]
 */
function select(row, { focus = false, scroll = false } = {}) {
  selected = row;
  if (only !== null && !isIn(row)) only = null;
  draw();
  const main = list.querySelector(`[data-row="${row}"] .geo-main`);
  if (main instanceof HTMLElement) {
    if (focus || !scroll) main.focus({ preventScroll: !focus });
    if (scroll) main.scrollIntoView({ block: "nearest" });
  }
  drawMap({ look: true });
}

/** @param {number} row @param {string | undefined} uuid */
function choose(row, uuid) {
  if (uuid === undefined) chosen.delete(row);
  else chosen.set(row, uuid);
  selected = row;
  draw();
  const radio = list.querySelector(`[data-row="${row}"] input:checked`);
  if (radio instanceof HTMLElement) radio.focus();
  drawMap({ look: true });
}

/** @param {number} row */
function isIn(row) {
  const answer = answers[row];
  if (!answer || only === null) return Boolean(answer);
  if (only === "open") return isOpen(answer, chosen.get(row));
  return (taken(answer, chosen.get(row))?.accuracy ?? "unknown") === only;
}

function draw() {
  byId("geo-empty").hidden = answers.length > 0;
  byId("geo-results").hidden = answers.length === 0;
  const found = counts(answers, chosen);
  byId("geo-filters").replaceChildren(
    ...[chip(null, text("All"), answers.length), ...(found.open || only === "open" ? [chip("open", text("To look at"), found.open)] : [])],
    ...ACCURACIES.filter((key) => found[key] || key === only).map((key) => chip(key, settings.accuracies[key], found[key])),
  );
  const folds = new Map([...list.querySelectorAll("details")].map((each) => [Number(each.closest("li")?.dataset.row), each.open]));
  if (answers !== drawn) folds.clear();
  drawn = answers;
  list.replaceChildren(
    ...answers.flatMap((answer, row) =>
      isIn(row)
        ? [answerRow(answer, row, { chosen: chosen.get(row), selected: row === selected, opened: folds.get(row), accuracies: settings.accuracies, onSelect: (each) => select(each), onChoose: choose })]
        : [],
    ),
  );
}

/**
 * @param {Accuracy | "open" | null} key
 * @param {string} label
 * @param {number} count
 */
function chip(key, label, count) {
  const pressed = only === key;
  return h(
    "button",
    {
      type: "button",
      class: "chip",
      "aria-pressed": pressed ? "true" : "false",
      onclick: () => {
        only = pressed ? null : key;
        draw();
      },
    },
    label,
    h("span", { class: "figures quiet" }, number.format(count)),
  );
}

/** @param {{ look: boolean }} options */
function drawMap({ look }) {
  if (!map) return;
  const points = pointsOf(answers, chosen, selected);
  map.show(points);
  if (!look) return;
  const own = points.features.filter(({ properties }) => properties?.row === selected);
  map.look(selected === null ? points : { ...points, features: own });
}

/** @param {HTMLButtonElement} control */
async function take(control) {
  const ending = control.dataset.take ?? "csv";
  control.disabled = true;
  say("");
  try {
    const body = { texts: answers.map((answer) => answer.text), chosen: Object.fromEntries(chosen) };
    const response = await send(`/api/geocode.${ending}${query()}`, { body });
    save(await response.blob(), fileName(response.headers.get("Content-Disposition"), `geocode.${ending}`));
  } catch (error) {
    say(faultText(error));
  } finally {
    control.disabled = false;
  }
}
