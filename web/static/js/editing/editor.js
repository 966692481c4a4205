/**
 * Editing in the card at the right: a record's form with its place on the map, or a new record.
 *
 * @import { FeatureAnswer, FormAnswer, Selected } from "../api.js"
 * @import { MapView } from "../map-view.js"
 * @import { Panels } from "../panels.js"
 * @import { Register } from "../register.js"
 * @import { Store } from "../store.js"
 */
import { button, byId, h } from "../dom.js";
import { askJson, faultText } from "../fetching.js";
import { text, settings, title } from "../page-data.js";
import { NOTHING } from "../style/context.js";
import { swatch } from "../swatch.js";
import { choosers } from "./choosing.js";
import { tell, undoSave } from "./saved-note.js";
import { Session } from "./session.js";

/** Which layers somebody may change; of divisions the figures alone, for those who look after population. */
const EDITABLE = new Set(settings.person?.actions.edit ?? []);
if (EDITABLE.has("population")) EDITABLE.add("divisions");

/** @param {string} layer */
export const mayEdit = (layer) => EDITABLE.has(layer);
/** Layers in which a new record can be drawn. @param {string} layer */
const mayAdd = (layer) => settings.person?.actions.edit.includes(layer) ?? false;

/**
 * @param {HTMLElement} element the card
 * @param {{ store: Store, register: Register, view: MapView, panels: Panels, show: () => void, select: (selected: Selected | null) => void }} options
 *   `show`: draws the record that is selected
 */
export function mountEditor(element, { store, register, view, panels, show, select }) {
  /** @type {Session | null} */
  let session = null;
  /** What is open without a session yet: the choice of a layer. */
  let choosing = false;

  const isOpen = () => session !== null || choosing;

  /** @param {Node[]} head @param {(Node | null)[]} body */
  function draw(head, body) {
    element.replaceChildren(h("div", { class: "card-head" }, h("div", {}, head), button(text("Cancel"), { icon: "close", kind: "plain", small: true, iconOnly: true, onclick: () => cancel() })), ...body.filter((part) => part !== null));
  }

  /** @param {string} layer @param {string} words @param {string} [kind] */
  function heading(layer, words, kind = "") {
    return [h("p", { class: "details-kicker" }, swatch(layer, kind, { isBatch: true }), title(register.layer(layer)?.title)), h("h2", { class: "details-title" }, words)];
  }

  /** @param {Selected} selected @param {FeatureAnswer} feature */
  async function edit(selected, feature) {
    if (!(await discard())) return;
    await begin(selected.layer, { uuid: selected.uuid, feature });
  }

  /** The choice of what to add. */
  async function add() {
    const layers = register.catalogue.layers.filter(({ key }) => mayAdd(key));
    if (!layers.length || !(await discard())) return;
    choosing = true;
    select(null);
    view.setData("selected", NOTHING);
    panels.open("details");
    view.picking.enable(false);
    draw(
      [h("h2", { class: "details-title" }, text("Add to the register"))],
      [choosers(layers, (layer, shape) => begin(layer.key, { shape }))],
    );
    const first = element.querySelector("button.add-layer");
    if (first instanceof HTMLElement) first.focus();
  }

  /** @param {string} layer @param {{ uuid?: string, feature?: FeatureAnswer, shape?: string }} how */
  async function begin(layer, { uuid = "", feature, shape }) {
    draw(heading(layer, uuid ? text("Edit") : text("New record")), [h("div", { class: "card-body" }, h("span", { class: "spinner" }))]);
    try {
      /** @type {FormAnswer} */
      const form = await askJson(`/api/records/${layer}/form`);
      choosing = false;
      session = new Session(form, { uuid, feature, shape, view, onSaved, onCancel: () => cancel() });
      view.picking.enable(false);
      view.setData("selected", NOTHING);
      const properties = feature?.properties ?? {};
      draw(heading(layer, uuid ? String(properties.name ?? properties.number ?? "") : text("New record"), String(properties.kind ?? properties.major ?? properties.level ?? "")), session.parts());
      element.classList.add("is-editing");
      if (!uuid && panels.onPhone) element.classList.remove("sheet-tall");
      await session.start();
    } catch (error) {
      draw(heading(layer, text("Edit")), [h("div", { class: "card-body" }, h("p", { class: "note note-danger" }, faultText(error)))]);
    }
  }

  /** @param {import("../api.js").SavedAnswer} saved */
  function onSaved(saved) {
    end();
    const now = { layer: saved.layer, uuid: saved.uuid };
    const again = () => {
      register.load(store.state.asof, { quietly: true });
      if (store.state.selected?.uuid === now.uuid) show();
      else select(now);
    };
    const words = saved.seq === null ? text("Nothing was different.") : saved.beside ? text("Saved, and %(count)s records that hang on it", { count: saved.beside }) : text("Saved");
    const isNew = saved.version === 1;
    const undo = async () => {
      await undoSave(saved);
      if (isNew) select(null);
      register.load(store.state.asof, { quietly: true });
      if (!isNew) show();
      tell(text("Undone."));
    };
    tell(words, saved.seq === null ? {} : { undo });
    again();
  }

  function end() {
    session?.stop();
    session = null;
    choosing = false;
    element.classList.remove("is-editing");
    view.picking.enable(true);
  }

  /** Ends editing; asks first where something would be lost. @returns {Promise<boolean>} whether it has ended */
  async function discard() {
    if (session?.isChanged && !(await askDiscard())) return false;
    if (isOpen()) end();
    return true;
  }

  async function cancel() {
    const wasNew = !session?.uuid;
    if (!(await discard())) return;
    if (wasNew && !store.state.selected) panels.close("details");
    else show();
  }

  addEventListener("beforeunload", (event) => {
    if (session?.isChanged) event.preventDefault();
  });
  panels.events.addEventListener("change", () => {
    // measuring and the like switch picking on again when they close
    if (isOpen()) view.picking.enable(false);
  });

  return {
    edit,
    add,
    cancel,
    isOpen,
    /** Whether something would be lost. */
    get isChanged() {
      return session?.isChanged ?? false;
    },
    get uuid() {
      return session?.uuid ?? "";
    },
    end,
    askDiscard,
  };
}

/** @typedef {ReturnType<typeof mountEditor>} Editor */

/** @returns {Promise<boolean>} whether what was typed and drawn may go */
function askDiscard() {
  const dialog = byId("discard", HTMLDialogElement);
  if (dialog.open) return Promise.resolve(false);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "discard"), { once: true }));
}
