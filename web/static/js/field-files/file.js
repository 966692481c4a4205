/**
 * One file of the list: its state, what was read, what is wrong with it, and its place on a small map.
 *
 * @import { FieldFile, System, Worded } from "./types.js"
 */
import { button, h, icon } from "../dom.js";
import { askJson, faultText, send } from "../fetching.js";
import { formatBytes, formatNumber } from "../logic/format.js";
import { lang, text } from "../page-data.js";

const BADGES = { received: "", reading: "badge-accent", read: "badge-good", refused: "badge-danger", failed: "badge-danger" };
const GRAVITY = { error: "badge-danger", warning: "badge-warning", info: "" };
const MOMENT = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
const SHOWN = 12;

/**
 * @param {FieldFile} found
 * @param {{ systems: System[], open: Set<string>, changed: () => void }} options `open`: whose map shows
 */
export function fileCard(found, { systems, open, changed }) {
  const { uuid, name, size, who, received, state, state_title: title, job, fault, counts, findings, assumed } = found;
  const ground = h("div", { class: "field-file-map", hidden: true });
  const card = h(
    "li",
    { class: "card field-file", "data-state": state, "data-uuid": uuid },
    h(
      "div",
      { class: "field-file-head" },
      h("div", {}, h("p", { class: "field-file-name" }, name), h("p", { class: "small quiet" }, [formatBytes(size, lang), who, MOMENT.format(new Date(received))].join(" · "))),
      h("span", { class: `badge ${BADGES[state]}` }, title),
    ),
    job && h("progress", { max: 1, value: job.share, "aria-label": job.phase || title }),
    fault && h("p", { class: "note note-danger" }, [fault.detail, fault.hint].filter(Boolean).join(" ")),
    counts.length > 0 && h("p", { class: "field-file-facts figures" }, counts.map(({ title: label, count }) => h("span", {}, `${label} ${formatNumber(count, lang)}`))),
    members(found),
    findings.length + assumed.length > 0 && h("ul", { class: "field-file-findings small" }, [...findings, ...assumed].slice(0, SHOWN).map(finding), more([...findings, ...assumed])),
    ground,
    actions(found, { systems, ground, open, changed }),
  );
  if (open.has(uuid)) show(uuid, ground);
  return card;
}

/** @param {FieldFile} found */
function members({ members: all, span }) {
  if (!all.length) return null;
  const lines = all.slice(0, SHOWN).map(({ file, layer, format, system, encoding }) => h("li", {}, [all.length > 1 && file, format, layer, system, encoding].filter(Boolean).join(" · ")));
  const times = span.map((moment) => MOMENT.format(new Date(moment)));
  return h("ul", { class: "field-file-members small quiet" }, lines, all.length > SHOWN && h("li", {}, text("%(count)s more", { count: formatNumber(all.length - SHOWN, lang) })), times.length > 0 && h("li", {}, times[0] === times[1] ? times[0] : times.join(" – ")));
}

/** @param {Worded} one */
function finding({ severity, where, text: words, advice, rule }) {
  const label = { error: text("error"), warning: text("look at it"), info: text("to know") }[severity];
  return h("li", { "data-rule": rule, "data-severity": severity }, h("span", { class: `badge ${GRAVITY[severity]}` }, label), h("span", {}, h("span", { class: "quiet" }, `${where}: `), words, advice && h("span", { class: "quiet" }, ` ${advice}`)));
}

/** @param {Worded[]} all */
const more = (all) => (all.length > SHOWN ? h("li", { class: "quiet" }, text("%(count)s more", { count: formatNumber(all.length - SHOWN, lang) })) : null);

/**
 * @param {FieldFile} found
 * @param {{ systems: System[], ground: HTMLElement, open: Set<string>, changed: () => void }} options
 */
function actions({ uuid, state, bounds, crs }, { systems, ground, open, changed }) {
  const settled = state === "read" || state === "refused" || state === "failed";
  const choose = h("select", { class: "input", "aria-label": text("Coordinate system of the file") }, h("option", { value: "" }, text("as declared or found out")), systems.map(({ epsg, title }) => h("option", { value: epsg, selected: epsg === crs }, title)));
  const wrong = h("span", { class: "small", role: "alert" });
  const map = button(text("Show on the map"), {
    icon: "target",
    small: true,
    "aria-expanded": String(open.has(uuid)),
    onclick: () => {
      const shown = !open.has(uuid);
      if (shown) open.add(uuid);
      else open.delete(uuid);
      map.setAttribute("aria-expanded", String(shown));
      ground.hidden = !shown;
      if (shown) show(uuid, ground);
    },
  });
  const again = button(text("Read again"), {
    small: true,
    onclick: async () => {
      try {
        await send(`/api/field-files/${uuid}/read`, { body: { crs: choose.value ? Number(choose.value) : null } });
        changed();
      } catch (error) {
        wrong.textContent = faultText(error);
      }
    },
  });
  return h("div", { class: "actions" }, bounds && state === "read" && map, h("a", { class: "button button-small", href: `/api/field-files/${uuid}/original`, download: true }, icon("export"), h("span", {}, text("Original"))), settled && [choose, again], wrong);
}

/** @param {string} uuid @param {HTMLElement} ground */
async function show(uuid, ground) {
  ground.hidden = false;
  if (ground.firstElementChild) return;
  const element = h("div", { class: "small-map" });
  ground.append(element);
  try {
    /** @type {[GeoJSON.FeatureCollection, typeof import("./map.js")]} */
    const [outline, { mountOutline }] = await Promise.all([askJson(`/api/field-files/${uuid}/outline`), import("./map.js")]);
    await mountOutline(element, outline);
  } catch (error) {
    ground.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
  }
}
