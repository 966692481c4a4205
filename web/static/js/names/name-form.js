/**
 * The form of one name: a further one is added, or one that is there is changed.
 *
 * @import { HistoryEntry } from "../api.js"
 * @import { NameSaved, NamesAnswer, PlaceName } from "./types.js"
 */
import { h } from "../dom.js";
import { askConflict } from "../editing/conflict.js";
import { createForm } from "../editing/form.js";
import { askJson, Fault, send } from "../fetching.js";
import { changedValues } from "../logic/editing.js";
import { clashOf, fieldsFor, STANDARD } from "../logic/names.js";
import { lang, text } from "../page-data.js";
import { openForm, reasonField } from "./dialog.js";

const FOLDED = ["source", "note", "secrecy", "is_public"];

/**
 * @param {string} place
 * @param {NamesAnswer} answer
 * @param {PlaceName | null} one null for a new name
 * @param {(saved: NameSaved | null) => void} onSaved with null where nothing was written and others have changed it
 */
export function openNameForm(place, answer, one, onSaved) {
  const path = `/api/places/${place}/names`;
  const isStandard = one?.kind === STANDARD;
  // of the standard name without a row of its own the row is written now
  const isNew = !one?.uuid;
  const record = /** @type {Record<string, unknown>} */ (one ?? { status: "in_use" });
  // what is left empty is spelled by the program in a new name alone
  const fields = fieldsFor(answer.fields, one?.kind ?? "").map((field) => (one && field.name === "roman" ? { ...field, help: "" } : field));
  const base = isNew ? (isStandard ? {} : { status: "in_use" }) : record;
  const form = createForm({ fields, folded: FOLDED, label: isStandard ? "decision" : "name" }, record, { onInput: () => {}, prefix: "one-name" });
  if (isStandard) for (const name of ["name", "roman"]) form.element.querySelector(`#one-name-${name}`)?.setAttribute("readonly", "");
  const why = reasonField("one-name-why");
  const hint = isStandard ? h("p", { class: "hint" }, text("The standard name itself is changed in the record, or by making another name the standard one.")) : null;
  const heading = isNew && !isStandard ? text("Add a name") : text("Change “%(name)s”", { name: one?.name ?? "" });

  const values = () => changedValues(fields, base, form.texts());

  /** @param {Record<string, unknown>} changed @param {number} version */
  async function put(changed, version) {
    return /** @type {Promise<NameSaved>} */ ((await send(`${path}/${one?.uuid}`, { method: "PUT", body: { values: changed, version, why: why.input.value } })).json());
  }

  async function onSend() {
    form.show([]);
    const changed = values();
    if (!isNew && !Object.keys(changed).length) return true;
    try {
      onSaved(isNew ? await (await send(path, { body: { values: changed, why: why.input.value } })).json() : await put(changed, Number(record.version)));
      return true;
    } catch (error) {
      if (!(error instanceof Fault && error.status === 409) || isNew) throw error;
      return settle(changed);
    }
  }

  /** Somebody else has changed the name: both versions side by side, then what was chosen. @param {Record<string, unknown>} mine */
  async function settle(mine) {
    /** @type {NamesAnswer} */
    const now = await askJson(path);
    const theirs = now.names.find(({ uuid }) => uuid === one?.uuid);
    if (!theirs) throw new Fault({ title: text("Somebody else has taken this name away meanwhile."), detail: "", hint: "", status: 409 });
    const { who, at } = await lastChange(place, theirs.uuid);
    const clash = clashOf(fields, { base: record, theirs: /** @type {any} */ (theirs), mine }, { version: theirs.version, who, at, lang, yes: text("yes"), no: text("no") });
    const chosen = await askConflict(clash);
    if (!chosen) return false;
    onSaved(Object.keys(chosen.values).length ? await put(chosen.values, theirs.version) : null);
    return true;
  }

  openForm("name-form", heading, [hint, form.element, why.element], {
    action: text("Save"),
    onSend,
    onStale: () => onSaved(null),
    onFindings: (findings) => {
      form.show(findings);
      if (findings.length) form.focus();
    },
  });
  form.focus();
}

/** Who has changed a name last, and when; nobody where the history is not for the reader. @param {string} place @param {string} uuid */
async function lastChange(place, uuid) {
  try {
    /** @type {{ entries: HistoryEntry[] }} */
    const { entries } = await askJson(`/api/history?layer=place-names&uuid=${encodeURIComponent(place)}&limit=20`);
    const last = entries.find((entry) => entry.uuid === uuid);
    return { who: last?.who ?? null, at: last?.at ?? "" };
  } catch (error) {
    if (error instanceof Fault && error.status === 403) return { who: null, at: "" };
    throw error;
  }
}
