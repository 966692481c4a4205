/**
 * What is decided about a name: it becomes the standard one, it is no longer used, it should never have been there.
 *
 * @import { FeatureAnswer } from "../api.js"
 * @import { NameSaved, NamesAnswer, PlaceName } from "./types.js"
 */
import { h } from "../dom.js";
import { createForm } from "../editing/form.js";
import { askJson, Fault, send } from "../fetching.js";
import { text } from "../page-data.js";
import { openForm, reasonField } from "./dialog.js";

const SAID = ["decision", "decided_by", "decided_on"];

/** The day here, not in Greenwich. */
const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);

/** @param {string} words */
const unsaid = (words) => new Fault({ title: words, detail: "", hint: "", status: 0 });

/**
 * Another name becomes the standard one.
 *
 * @param {string} place
 * @param {NamesAnswer} answer
 * @param {PlaceName} one
 * @param {(saved: NameSaved | null) => void} onSaved with null where others have changed it
 */
export async function openStandard(place, answer, one, onSaved) {
  // the place's version as it stands while the question is asked: whoever changes it meanwhile is noticed
  /** @type {FeatureAnswer} */
  const feature = await askJson(`/api/features/place-names/${place}`);
  const { name: old, version } = feature.properties;
  const form = createForm({ fields: answer.fields.filter(({ name }) => SAID.includes(name)), folded: [], label: "decision" }, { decided_on: today() }, { onInput: () => {}, prefix: "standard" });
  const why = reasonField("standard-why");
  openForm("name-standard", text("Make “%(name)s” the standard name", { name: one.name }), [
    h("p", { class: "hint" }, text("The standard name until now, “%(name)s”, stays as a former name.", { name: String(old ?? "") })),
    form.element,
    why.element,
  ], {
    action: text("Make standard"),
    onStale: () => onSaved(null),
    async onSend() {
      const { decision = "", decided_by: by = "", decided_on: day = "" } = form.texts();
      if (!decision.trim() && !why.input.value.trim()) throw unsaid(text("Say by which decision, or for what reason."));
      const body = { version: one.version, place_version: version, decision, decided_by: by, day, why: why.input.value };
      onSaved(await (await send(`/api/places/${place}/names/${one.uuid}/standard`, { body })).json());
      return true;
    },
    onFindings: (findings) => form.show(findings),
  });
  form.focus();
}

/**
 * A name ends on a day, or is taken away.
 *
 * @param {string} place
 * @param {PlaceName} one
 * @param {(saved: NameSaved | null) => void} onSaved with null where others have changed it
 */
export function openRemoval(place, one, onSaved) {
  const path = `/api/places/${place}/names/${one.uuid}`;
  const day = h("input", { class: "input", type: "date", id: "removal-day", value: today(), "aria-label": text("Used until") });
  const radio = (/** @type {string} */ value, /** @type {boolean} */ checked) => h("input", { type: "radio", name: "removal", value, checked });
  const ends = radio("ends", !one.valid_to);
  const mistake = radio("mistake", Boolean(one.valid_to));
  day.addEventListener("focus", () => (ends.checked = true));
  const why = reasonField("removal-why");
  openForm("name-removal", text("Remove “%(name)s”", { name: one.name }), [
    // one that has ended already can only have been a mistake
    one.valid_to ? null : h("div", { class: "removal-ends" }, h("label", { class: "check" }, ends, h("span", {}, text("It was in use until this day and stays in the register:"))), day),
    h("label", { class: "check" }, mistake, h("span", {}, text("It was entered by mistake: take it away"))),
    why.element,
  ], {
    action: text("Remove"),
    onStale: () => onSaved(null),
    async onSend() {
      if (!mistake.checked && !day.value) throw unsaid(text("Say until which day it was in use."));
      const asked = { version: one.version, why: why.input.value };
      const answer = mistake.checked
        ? await send(path, { method: "DELETE", body: asked })
        : await send(path, { method: "PUT", body: { ...asked, values: { valid_to: day.value, status: "disused" } } });
      onSaved(await answer.json());
      return true;
    },
  });
  (one.valid_to ? mistake : ends).focus();
}
