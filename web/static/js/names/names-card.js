/**
 * The names of a place for those who keep them: listed with days, source and decision; added, changed, made the
 * standard one, ended, taken away; what was saved last is taken back.
 *
 * @import { NameSaved, NamesAnswer, PlaceName } from "./types.js"
 */
import { button, h } from "../dom.js";
import { undoSave } from "../editing/saved-note.js";
import { askJson, faultText, isAbort } from "../fetching.js";
import { actionsOf, nameDays, nameDecision, STANDARD } from "../logic/names.js";
import { lang, text, title } from "../page-data.js";
import { openRemoval, openStandard } from "./decisions.js";
import { emptyDialog } from "./dialog.js";
import { openNameForm } from "./name-form.js";

const LAYER = "place-names";

/**
 * @param {HTMLElement} element
 * @param {{ onChange: (saved: NameSaved | null) => void }} options `onChange`: draws anew what stands around and calls
 *   `show` again; null after an undo, and where others have changed something
 */
export function mountNames(element, { onChange }) {
  let place = "";
  let abort = new AbortController();
  /** Whether what is said comes from here and not from before. */
  let isFresh = false;
  const said = h("div", { class: "names-said", role: "status" });
  const list = h("div", {}, h("span", { class: "spinner" }));
  const foot = h("div", { class: "actions" });
  element.replaceChildren(said, list, foot);

  /** @param {string} uuid */
  async function show(uuid) {
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    place = uuid;
    const isOwn = isFresh;
    if (!isOwn) said.replaceChildren();
    isFresh = false;
    try {
      /** @type {NamesAnswer} */
      const answer = await askJson(`/api/places/${uuid}/names`, { signal });
      if (signal.aborted) return;
      draw(answer);
      // the button by which the dialog was opened is gone
      if (isOwn && document.activeElement === document.body) foot.querySelector("button")?.focus({ preventScroll: true });
    } catch (error) {
      if (isAbort(error)) return;
      foot.replaceChildren();
      list.replaceChildren(fault(error), button(text("Try again"), { small: true, onclick: () => show(uuid) }));
    }
  }

  /** @param {unknown} error */
  const fault = (error) => h("p", { class: "note note-danger" }, faultText(error));

  /** @param {NamesAnswer} answer */
  function draw(answer) {
    const standard = answer.names.find(({ kind }) => kind === STANDARD)?.name ?? "";
    list.replaceChildren(
      h("ul", { class: "names" }, answer.names.map((one) => item(answer, one, standard))),
      ...(answer.names.length > 1 ? [] : [h("p", { class: "quiet small names-none" }, text("It has no other name."))]),
    );
    foot.replaceChildren(button(text("Add a name"), { icon: "plus", small: true, id: "name-add", onclick: () => openNameForm(place, answer, null, changed) }));
  }

  /** @param {NamesAnswer} answer @param {PlaceName} one @param {string} standard */
  function item(answer, one, standard) {
    const may = actionsOf(one, standard);
    const decided = nameDecision(one, lang);
    const secrecy = answer.fields.find(({ name }) => name === "secrecy")?.choices.find(({ key }) => key === one.secrecy && key !== "public");
    const status = answer.statuses.find(({ key }) => key === one.status && key !== "in_use");
    const act = (/** @type {string} */ words, /** @type {string} */ picture, /** @type {string} */ kind, /** @type {() => void} */ onclick) =>
      button(words, { icon: picture, kind: "plain", small: true, "data-act": kind, "aria-label": `${words}: ${one.name}`, onclick });
    return h(
      "li",
      { "data-kind": one.kind, "data-name": one.uuid, class: one.status === "disused" || !one.standing ? "is-past" : "" },
      h(
        "p",
        { class: "names-head" },
        h("strong", {}, one.name),
        h("span", { class: `badge${one.kind === STANDARD ? " badge-accent" : ""}` }, title(one.title)),
        status && h("span", { class: "badge" }, title(status.title)),
        secrecy ? h("span", { class: "badge badge-warning" }, title(secrecy.title)) : one.is_public === false && h("span", { class: "badge badge-warning" }, text("not public")),
      ),
      one.roman && h("p", { class: "small" }, one.roman),
      ...[[one.language, nameDays(one, lang), one.source === "synthetic" ? text("synthetic") : one.source].filter(Boolean).join(" · "), decided && text("By: %(decision)s", { decision: decided }), one.note].map((words) => words && h("p", { class: "quiet small" }, words)),
      h(
        "div",
        { class: "actions names-actions" },
        may.change && act(text("Change"), "edit", "change", () => openNameForm(place, answer, one, changed)),
        may.promote && act(text("Make standard"), "check", "standard", () => openStandard(place, answer, one, changed).catch(tell)),
        may.remove && act(text("Remove"), "trash", "remove", () => openRemoval(place, one, changed)),
      ),
    );
  }

  /** @param {unknown} error */
  function tell(error) {
    said.replaceChildren(fault(error));
  }

  /** @param {NameSaved | null} saved */
  function changed(saved) {
    if (saved) {
      const back = button(text("Undo"), { icon: "undo", small: true, id: "name-undo", onclick: () => undo(saved, back) });
      said.replaceChildren(h("p", { class: "note note-good" }, h("span", {}, text("Saved.")), back));
    } else said.replaceChildren();
    isFresh = true;
    onChange(saved);
  }

  /** @param {NameSaved} saved @param {HTMLButtonElement} back */
  async function undo(saved, back) {
    back.disabled = true;
    try {
      await undoSave({ layer: LAYER, uuid: place, seq: saved.seq, batch: saved.batch });
      said.replaceChildren(h("p", { class: "note note-good" }, text("Undone.")));
      isFresh = true;
      onChange(null);
    } catch (error) {
      tell(error);
    }
  }

  return { show };
}

/**
 * The same in a dialog.
 *
 * @param {{ uuid: string, name: string, onChange: () => void }} options
 */
export function openNames({ uuid, name, onChange }) {
  const body = h("div", { class: "dialog-body" });
  const dialog = emptyDialog("names-dialog", text("Names of %(name)s", { name }), body);
  const card = mountNames(body, {
    onChange: () => {
      card.show(uuid);
      onChange();
    },
  });
  card.show(uuid);
  dialog.showModal();
}
