/**
 * One record being edited: its form, its place on the map, what the server says of both, and saving.
 *
 * @import { CheckAnswer, ConflictAnswer, FeatureAnswer, Finding, FormAnswer, SavedAnswer } from "../api.js"
 * @import { Drawing } from "./drawing.js"
 * @import { MapView } from "../map-view.js"
 */
import { button, h } from "../dom.js";
import { Fault, faultText, isAbort, send } from "../fetching.js";
import { changedValues, sameGeometry, shownFindings } from "../logic/editing.js";
import { text } from "../page-data.js";
import { askConflict } from "./conflict.js";
import { endingPart } from "./ending.js";
import { createForm } from "./form.js";
import { placePart } from "./place.js";

/** So long after the last key the server is asked. */
const PAUSE = 250;
/** The reason that is noted where somebody gives none; the history shows it in its reader's language. */
const UNSAID = "Edited on the map";

export class Session {
  #form;
  #fields;
  #options;
  /** @type {Record<string, unknown>} */
  #record;
  /** @type {GeoJSON.Geometry | null} */
  #geometry;
  #version;
  #drawn;
  /** @type {Drawing | null} */
  #drawing = null;
  #place;
  #why;
  #save;
  #fault = h("div", { role: "alert" });
  #tried = false;
  /** @type {Set<string>} */
  #touched = new Set();
  /** @type {readonly Finding[]} */
  #findings = [];
  #timer = 0;
  #abort = new AbortController();
  #ended = false;

  /**
   * @param {FormAnswer} form
   * @param {{ uuid: string, feature?: FeatureAnswer, shape?: string, view: MapView, onSaved: (saved: SavedAnswer) => void, onCancel: () => void }} options
   */
  constructor(form, options) {
    this.#form = form;
    this.#options = options;
    this.uuid = options.uuid;
    this.#record = options.feature?.properties ?? {};
    this.#geometry = options.feature?.geometry ?? null;
    this.#version = Number(this.#record.version ?? 0);
    /** What is drawn: the record's own geometry, or the extent of a new place. */
    this.#drawn = options.shape ?? form.geometry;
    this.#fields = createForm(form, this.#record, { onInput: (name) => this.#onInput(name) });
    this.#place = placePart({ kind: this.#drawn, isNew: !this.uuid, onBack: () => this.#drawing?.reset(this.#geometry) });
    this.#why = h("input", { class: "input", id: "edit-why", maxlength: 500, autocomplete: "off", placeholder: text("Edited on the map") });
    this.#save = button(text("Save"), { kind: "main", icon: "check", id: "edit-save", onclick: () => this.save() });
  }

  /** The parts of the card below its head. */
  parts() {
    const { closes } = this.#form;
    const inside = h(
      "div",
      { class: "card-body scrolls edit-body" },
      this.#form.geometry ? this.#place.element : null,
      this.#fields.element,
      this.uuid && this.#form.fields.some(({ name }) => name === closes)
        ? endingPart({ closed: this.#record[closes], onClose: (day) => this.#end("close", { day }), onReopen: () => this.#end("reopen", {}) })
        : null,
    );
    const foot = h(
      "div",
      { class: "edit-foot" },
      this.#fault,
      h("label", { class: "field", for: "edit-why" }, h("span", { class: "label" }, text("Reason")), this.#why),
      h("div", { class: "actions" }, button(text("Cancel"), { id: "edit-cancel", onclick: () => this.#options.onCancel() }), this.#save),
    );
    for (const part of [inside, foot]) part.addEventListener("keydown", (event) => this.#onKey(event));
    return [inside, foot];
  }

  /** Puts the record on the board and asks what is wrong with it as it stands. */
  async start() {
    if (this.uuid) {
      this.#check();
      this.#fields.focus();
    }
    if (!this.#form.geometry) return;
    const { startDrawing } = await import("./drawing.js");
    if (this.#ended) return;
    this.#drawing = await startDrawing(this.#options.view, { kind: this.#drawn, geometry: this.#geometry, onChange: () => this.#onDrawn() });
    if (this.#ended) this.#drawing.stop();
    else this.#place.show(this.#geometry, this.#drawing.geometry(), this.#drawing.isDrawing());
    if (this.#ended) return;
    // Who has begun to type while the map made itself ready keeps the place where they type.
    if (this.uuid && !this.#isTyping()) this.#fields.focus();
  }

  #isTyping() {
    return [this.#fields.element, this.#why].some((part) => part.contains(document.activeElement));
  }

  /** Whether anything would be lost. */
  get isChanged() {
    return Object.keys(this.#values()).length > 0 || this.#isMoved();
  }

  #values() {
    return changedValues(this.#form.fields, this.#record, this.#fields.texts());
  }

  #isMoved() {
    return this.#drawing !== null && !this.#drawing.isDrawing() && !sameGeometry(this.#drawing.geometry(), this.#geometry);
  }

  /** What is sent. */
  #draft() {
    /** @type {Record<string, unknown>} */
    const draft = { values: this.#values(), why: this.#why.value.trim() || UNSAID };
    if (this.uuid) draft.version = this.#version;
    if (!this.#isMoved()) return draft;
    draft[this.#drawn === this.#form.geometry ? "geometry" : "extent"] = this.#drawing?.geometry();
    return draft;
  }

  /** @param {string} name */
  #onInput(name) {
    this.#touched.add(name);
    this.#later();
  }

  #onDrawn() {
    if (!this.#drawing) return;
    this.#place.show(this.#geometry, this.#drawing?.geometry() ?? null, this.#drawing?.isDrawing() ?? false);
    this.#later();
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#check(), PAUSE);
  }

  async #check() {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      const query = this.uuid ? `?uuid=${encodeURIComponent(this.uuid)}` : "";
      /** @type {CheckAnswer} */
      const answer = await (await send(`/api/records/${this.#form.layer}/check${query}`, { body: this.#draft(), signal })).json();
      if (signal.aborted || this.#ended) return;
      this.#findings = answer.findings;
      this.#show();
      this.#fields.showFollows(answer.follows);
      this.#fault.replaceChildren();
    } catch (error) {
      if (!isAbort(error) && !this.#ended) this.#tellFault(error);
    }
  }

  #show() {
    this.#fields.show(shownFindings(this.#findings, { isNew: !this.uuid, tried: this.#tried, touched: this.#touched }));
  }

  /** @param {unknown} error */
  #tellFault(error) {
    this.#fault.replaceChildren(h("p", { class: "note note-danger" }, faultText(error)));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#options.onCancel();
    }
    const inText = event.target instanceof HTMLTextAreaElement && !event.ctrlKey && !event.metaKey;
    const onButton = event.target instanceof HTMLButtonElement || (event.target instanceof Element && event.target.closest("summary, .edit-ending"));
    if (event.key !== "Enter" || inText || onButton) return;
    event.preventDefault();
    this.save();
  }

  async save() {
    if (this.#save.disabled) return;
    this.#tried = true;
    clearTimeout(this.#timer);
    this.#abort.abort();
    const path = `/api/records/${this.#form.layer}`;
    await this.#send(this.uuid ? `${path}/${this.uuid}` : path, this.uuid ? "PUT" : "POST", this.#draft());
  }

  /** @param {"close" | "reopen"} action @param {Record<string, unknown>} more */
  async #end(action, more) {
    if (this.isChanged) {
      this.#tellFault(new Fault({ title: text("Save or cancel what you have changed first."), detail: "", hint: "", status: 0 }));
      return;
    }
    const why = this.#why.value.trim();
    await this.#send(`/api/records/${this.#form.layer}/${this.uuid}/${action}`, "POST", { version: this.#version, ...(why && { why }), ...more });
  }

  /** @param {string} path @param {"POST" | "PUT"} method @param {Record<string, unknown>} body */
  async #send(path, method, body) {
    this.#save.disabled = true;
    this.#fault.replaceChildren();
    try {
      /** @type {SavedAnswer} */
      const saved = await (await send(path, { method, body })).json();
      this.#options.onSaved(saved);
    } catch (error) {
      this.#save.disabled = false;
      await this.#refused(error, path, method, body);
    }
  }

  /** @param {unknown} error @param {string} path @param {"POST" | "PUT"} method @param {Record<string, unknown>} body */
  async #refused(error, path, method, body) {
    const problem = error instanceof Fault ? error.problem : null;
    if (problem?.conflict) {
      await this.#settle(problem.conflict, path, method, body);
      return;
    }
    if (Array.isArray(problem?.findings)) {
      this.#findings = problem.findings;
      this.#show();
      this.#fields.focus();
    }
    this.#tellFault(error);
  }

  /** @param {ConflictAnswer} conflict @param {string} path @param {"POST" | "PUT"} method @param {Record<string, unknown>} body */
  async #settle(conflict, path, method, body) {
    const decided = await askConflict(conflict);
    if (!decided) return;
    const { values, geometry, ...rest } = body;
    await this.#send(path, method, {
      ...rest,
      version: conflict.version,
      values: "values" in body ? decided.values : values,
      ...(decided.place === "mine" && geometry !== undefined && { geometry }),
    });
  }

  stop() {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.#drawing?.stop();
    this.#drawing = null;
  }
}

