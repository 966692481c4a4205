/**
 * The page of an import: what was found, how it is understood, what it would do, and doing it. All that it shows stands
 * on the server; a part is drawn anew only when what it shows has changed.
 *
 * @import { ImportWhole, Mapping } from "./types.js"
 */
import { byId } from "../dom.js";
import { askJson, Fault, faultText, isAbort, send } from "../fetching.js";
import { formatBytes } from "../logic/format.js";
import { lang, text } from "../page-data.js";
import { mountBanner } from "../status.js";
import { drawChecked } from "./checked.js";
import { drawFinish } from "./finish.js";
import { drawFound } from "./found.js";
import { drawGoing } from "./going.js";
import { MappingForm } from "./mapping-form.js";

const BADGES = { new: "", checking: "badge-accent", checked: "badge-accent", unchecked: "badge-warning", faulty: "badge-danger", importing: "badge-accent", imported: "badge-good", failed: "badge-danger" };
const MOMENT = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
const BUSY = 700;

mountBanner();
const root = byId("import");
const path = `/api/imports/${root.dataset.uuid}`;
const wrong = byId("import-wrong");
const form = new MappingForm(byId("step-mapping"), { keep, check });
let timer = 0;
/** @type {Map<string, string>} */
const drawn = new Map();

/** The changes to the mapping go one after the other. @type {Promise<unknown>} */
let keeping = Promise.resolve();

tellIfSentBefore();
load();

async function load() {
  clearTimeout(timer);
  try {
    show(await askJson(path));
  } catch (error) {
    if (error instanceof Fault && error.gone) timer = window.setTimeout(load, 3000);
    else complain(error);
  }
}

/** @param {ImportWhole} data */
function show(data) {
  clearTimeout(timer);
  const going = [data.check, data.apply].find((job) => job?.open);
  byId("import-wait").hidden = true;
  byId("import-facts").textContent = [data.subject_title, formatBytes(data.size, lang), data.who, MOMENT.format(new Date(data.created))].join(" · ");
  const badge = byId("import-state");
  badge.className = `badge ${BADGES[data.state]}`;
  if (badge.textContent !== data.state_title) badge.textContent = data.state_title;
  root.dataset.state = data.state;
  const { state, found, columns, doubts, choices, plan, reports, fault, checked, records, empty, counts, apply, systems, targets, saved, subjects, subject } = data;
  const done = state === "imported";
  part("step-going", [going ?? null, state === "faulty" ? fault : null, choices], () => drawGoing(byId("step-going"), going ?? null, state === "faulty" ? fault : null, load));
  part("step-found", [found, doubts], () => drawFound(byId("step-found"), found, doubts));
  part("step-mapping", [columns, choices, found, systems, targets, saved, subjects, subject, plan?.faults ?? [], done, Boolean(going)], () => form.draw(data, { done, busy: Boolean(going) }));
  form.say(data);
  part("step-checked", [plan, reports, checked, state], () => drawChecked(byId("step-checked"), data));
  part("step-finish", [state, plan?.counts, checked, records, empty, counts, apply?.error ?? null, plan?.blocked, going?.kind ?? null], () => drawFinish(byId("step-finish"), data, { begin, check }));
  document.documentElement.classList.add("is-ready");
  if (going) timer = window.setTimeout(load, BUSY);
}

/** @param {string} name @param {unknown} content @param {() => void} draw */
function part(name, content, draw) {
  const now = JSON.stringify(content);
  if (drawn.get(name) === now) return;
  drawn.set(name, now);
  draw();
}

/**
 * Keeps how the file is to be understood.
 *
 * @param {Mapping} mapping
 * @param {string} [subject]
 */
function keep(mapping, subject) {
  keeping = keeping.then(async () => {
    try {
      show(await (await send(`${path}/mapping`, { method: "PUT", body: { mapping, subject } })).json());
      wrong.hidden = true;
    } catch (error) {
      complain(error);
    }
  });
  return keeping;
}

async function check() {
  await keeping;
  await act("check", {});
}

/** @param {string} why */
const begin = (why) => act("apply", { why });

/** @param {"check" | "apply"} step @param {Record<string, string>} body */
async function act(step, body) {
  try {
    show(await (await send(`${path}/${step}`, { body })).json());
    wrong.hidden = true;
    byId("step-going").scrollIntoView({ block: "nearest" });
  } catch (error) {
    complain(error);
    load();
  }
}

/** @param {unknown} error */
function complain(error) {
  if (isAbort(error)) return;
  byId("import-wait").hidden = true;
  wrong.textContent = faultText(error);
  wrong.hidden = false;
  document.documentElement.classList.add("is-ready");
}

async function tellIfSentBefore() {
  const before = new URLSearchParams(location.search).get("again");
  if (!before || !/^[0-9a-f-]{36}$/.test(before)) return;
  try {
    /** @type {ImportWhole} */
    const { created, state_title: state } = await askJson(`/api/imports/${before}`);
    const note = byId("import-again");
    note.textContent = text("The same file was sent in on %(moment)s (%(state)s). What was said of it then holds here too.", { moment: MOMENT.format(new Date(created)), state });
    note.hidden = false;
  } catch {
    // it has been removed since
  }
}
