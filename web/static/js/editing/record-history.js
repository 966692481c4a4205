/**
 * The last changes of a record in its card, asked for when somebody opens them.
 *
 * @import { HistoryEntry, Selected } from "../api.js"
 */
import { h } from "../dom.js";
import { askJson, faultText } from "../fetching.js";
import { formatLength } from "../logic/format.js";
import { lang, text } from "../page-data.js";

const FEW = 5;

/** @param {Selected} selected */
export function recordHistory({ layer, uuid }) {
  const body = h("div", { class: "record-history" }, h("span", { class: "spinner" }));
  const details = h("details", { class: "card-history" }, h("summary", {}, text("Changes")), body);
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    try {
      /** @type {{ entries: HistoryEntry[] }} */
      const { entries } = await askJson(`/api/history?layer=${layer}&uuid=${encodeURIComponent(uuid)}&limit=${FEW}`);
      body.replaceChildren(changesOf(entries, { layer, uuid }));
    } catch (error) {
      body.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
    }
  });
  return details;
}

/**
 * The last changes of a record, and the way to all of them.
 *
 * @param {readonly HistoryEntry[]} entries
 * @param {Selected} selected
 */
export function changesOf(entries, { layer, uuid }) {
  return h(
    "div",
    {},
    entries.length ? h("ol", { class: "card-changes" }, entries.map((entry) => item(entry, uuid))) : h("p", { class: "quiet small" }, text("No changes since it was put in.")),
    h("a", { class: "button button-small", href: `/history/${layer}/${uuid}` }, text("All changes")),
  );
}

const moment = new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });

/** @param {HistoryEntry} entry @param {string} uuid the record's; what belongs to it, such as a further name, is named */
function item(entry, uuid) {
  const words = entry.op === "update" ? entry.fields.map((field) => h("p", {}, `${field.title}: `, h("del", {}, field.before || "–"), " → ", h("strong", {}, field.after || "–"))) : [];
  const distance = entry.moved?.kind === "moved" && entry.moved.distance_m !== null ? text("moved by %(distance)s", { distance: formatLength(entry.moved.distance_m, lang) }) : "";
  const whose = entry.uuid && entry.uuid !== uuid ? [entry.title, entry.label].filter(Boolean).join(" ") : "";
  return h(
    "li",
    { "data-seq": entry.seq },
    h("p", { class: "quiet small" }, `${moment.format(new Date(entry.at))} · ${entry.by}`, entry.why && ` · ${entry.why}`),
    h("p", {}, entry.operation, whose && `: ${whose}`, distance && ` · ${distance}`),
    words,
  );
}
