/**
 * The card with a feature's record: what is selected, and a step through what lies under the same click.
 *
 * @import { FeatureAnswer, Selected } from "./api.js"
 * @import { MapView } from "./map-view.js"
 * @import { Panels } from "./panels.js"
 * @import { Register } from "./register.js"
 * @import { Store } from "./store.js"
 */
import { copy } from "./clipboard.js";
import { attributesPart, mediaPart, namesPart, signsPart, storiesPart } from "./details/belonging.js";
import { button, h, icon } from "./dom.js";
import { mayEdit, mountEditor } from "./editing/editor.js";
import { recordHistory } from "./editing/record-history.js";
import { askJson, faultText, isAbort } from "./fetching.js";
import { formatPosition } from "./logic/format.js";
import { levelZoom } from "./logic/levels.js";
import { boundsOf, recordRows } from "./logic/record.js";
import { openNames } from "./names/names-card.js";
import { lang, settings, text, title } from "./page-data.js";
import { NOTHING } from "./style/context.js";
import { swatch } from "./swatch.js";

/** Layers whose records have pages of their own, and where. @type {Record<string, string>} */
const OWN_PAGES = { "boundary-lines": "/boundaries", stakes: "/stakes" };

/** @param {[number, number, number, number]} box */
const middle = ([west, south, east, north]) => ({ lon: (west + east) / 2, lat: (south + north) / 2 });

/**
 * @param {HTMLElement} element
 * @param {{ store: Store, register: Register, view: MapView, panels: Panels, onReach: (kind: string) => void }} options
 */
export function mount(element, { store, register, view, panels, onReach }) {
  /** What one click hit. @type {Selected[]} */
  let hits = [];
  let abort = new AbortController();

  /** What was last asked for, so that going back to it after "go on editing" asks for nothing. @type {Selected | null} */
  let drawn = null;

  /** @param {Selected | null} selected */
  const select = (selected) => store.set({ selected: selected && { layer: selected.layer, uuid: selected.uuid } }, { push: true });

  const place = () => hits.findIndex((hit) => hit.uuid === store.state.selected?.uuid);

  /** @param {number} by */
  function step(by) {
    if (hits.length > 1) select(hits[(place() + by + hits.length) % hits.length] ?? null);
  }

  /** @param {boolean | "near"} [reveal] whether the map may move to show it, or goes near */
  async function show(reveal = true) {
    abort.abort();
    const selected = store.state.selected;
    drawn = selected;
    if (!selected) {
      hits = [];
      view.setData("selected", NOTHING);
      panels.close("details");
      return;
    }
    if (place() < 0) hits = [selected];
    abort = new AbortController();
    const { signal } = abort;
    if (element.hidden) element.replaceChildren(head([h("span", { class: "spinner" })]));
    panels.open("details");
    try {
      /** @type {FeatureAnswer} */
      const feature = await askJson(`/api/features/${selected.layer}/${selected.uuid}`, { signal });
      if (signal.aborted || editor.isOpen()) return;
      view.setData("selected", feature.geometry ? { type: "Feature", properties: {}, geometry: feature.geometry } : NOTHING);
      draw(selected, feature);
      const box = reveal === "near" && boundsOf(feature.geometry);
      if (box) view.camera.goTo({ ...middle(box), bbox: box, zoom: levelZoom(selected.layer, feature.properties.level) });
      else if (reveal && feature.geometry?.type === "Point") view.camera.reveal(Number(feature.geometry.coordinates[0]), Number(feature.geometry.coordinates[1]));
    } catch (error) {
      if (isAbort(error)) return;
      view.setData("selected", NOTHING);
      element.replaceChildren(
        head([h("h2", { class: "card-title" }, text("Details"))]),
        h("div", { class: "card-body" }, h("p", { class: "note note-danger" }, faultText(error)), button(text("Try again"), { small: true, onclick: () => show() })),
      );
    }
  }

  /** @param {Node[]} children */
  function head(children) {
    return h("div", { class: "card-head" }, h("div", {}, children), stepper(), button(text("Close"), { icon: "close", kind: "plain", small: true, iconOnly: true, onclick: () => select(null) }));
  }

  function stepper() {
    if (hits.length < 2) return null;
    const go = (/** @type {string} */ label, /** @type {string} */ name, /** @type {number} */ by) =>
      button(label, { icon: name, kind: "plain", small: true, iconOnly: true, onclick: () => step(by) });
    return h("div", { class: "stepper" }, go(text("Previous"), "left", -1), `${place() + 1} / ${hits.length}`, go(text("Next"), "right", 1));
  }

  /** @param {Selected} selected @param {FeatureAnswer} feature */
  function draw(selected, feature) {
    const { properties, titles } = feature;
    const layer = register.layer(selected.layer);
    const kind = String(properties.kind ?? properties.major ?? properties.level ?? "");
    const name = String(properties.name ?? properties.title ?? properties.number ?? "");
    const kicker = [titles.kind ?? titles.major ?? titles.level ?? layer?.title].map((each) => title(each));
    const { rows, technical } = recordRows(feature, lang, { yes: text("yes"), no: text("no"), synthetic: text("synthetic") });
    const synthetic = properties.source === "synthetic";
    element.replaceChildren(
      head([
        h(
          "p",
          { class: "details-kicker" },
          swatch(selected.layer, kind, { isBatch: true }),
          kicker,
          properties.status === "derived" && h("span", { class: "badge" }, title(titles.status) || "derived"),
          synthetic && h("span", { class: "badge badge-warning" }, text("synthetic")),
        ),
        h("h2", { class: "details-title" }, name),
        typeof properties.roman === "string" && properties.roman ? h("p", { class: "details-roman" }, properties.roman) : h("span"),
      ]),
      actions(selected, feature),
      h(
        "div",
        { class: "card-body scrolls" },
        namesPart(feature, selected.layer === "place-names" && mayEdit(selected.layer) ? () => keepNames(selected, name) : null),
        list(rows),
        attributesPart(feature),
        mediaPart(selected, feature, mayEdit(selected.layer)),
        storiesPart(feature),
        signsPart(feature, select),
        technical.length ? h("details", {}, h("summary", {}, text("About the record")), list(technical)) : null,
        settings.person?.actions.history === true ? recordHistory(selected) : null,
      ),
    );
  }

  /** @param {Selected} selected @param {string} name */
  function keepNames({ uuid }, name) {
    openNames({
      uuid,
      name,
      onChange: () => {
        register.load(store.state.asof, { quietly: true });
        if (store.state.selected?.uuid === uuid && !editor.isOpen()) show(false);
      },
    });
  }

  /** @param {{ title: string, value: string, field: string }[]} rows */
  function list(rows) {
    return h("dl", { class: "record" }, rows.flatMap((row) => [h("dt", {}, row.title), h("dd", { "data-field": row.field }, row.value)]));
  }

  /** @param {Selected} selected @param {FeatureAnswer} feature */
  function actions(selected, feature) {
    const box = boundsOf(feature.geometry);
    const { properties } = feature;
    const centre = box && middle(box);
    const line = properties.line_uuid;
    return h(
      "div",
      { class: "actions" },
      mayEdit(selected.layer) && button(text("Edit"), { icon: "edit", small: true, id: "edit-open", onclick: () => editor.edit(selected, feature) }),
      box && centre && button(text("Zoom to"), { icon: "target", small: true, onclick: () => view.camera.goTo({ ...centre, bbox: box, zoom: levelZoom(selected.layer, properties.level) }) }),
      centre && feature.geometry.type === "Point" && button(text("Copy position"), {
        icon: "copy", small: true, title: formatPosition(centre.lon, centre.lat), onclick: (event) => copy(formatPosition(centre.lon, centre.lat), event),
      }),
      button(text("Copy link"), { icon: "link", small: true, onclick: (event) => copy(location.href, event) }),
      selected.layer === "facilities" && typeof properties.kind === "string" && button(text("Who is within reach"), {
        icon: "coverage", small: true, onclick: () => onReach(String(properties.kind)),
      }),
      selected.layer === "place-names" && mayEdit("stories") && h("a", { class: "button button-small", href: `/stories/new?place=${selected.uuid}` }, icon("plus"), h("span", {}, text("Write a story"))),
      OWN_PAGES[selected.layer] && h("a", { class: "button button-small", id: "record-page", href: `${OWN_PAGES[selected.layer]}/${selected.uuid}` }, icon("list"), h("span", {}, text("Its page"))),
      selected.layer === "stories" && h("a", { class: "button button-small", id: "story-open", href: `/stories/${selected.uuid}` }, icon("list"), h("span", {}, text("Read the story"))),
      typeof properties.place_uuid === "string" && button(text("Its place"), { icon: "target", small: true, onclick: () => select({ layer: "place-names", uuid: String(properties.place_uuid) }) }),
      typeof line === "string" && button(text("Its line"), { icon: "line", small: true, onclick: () => select({ layer: "boundary-lines", uuid: line }) }),
    );
  }

  const editor = mountEditor(element, { store, register, view, panels, show: () => show(false), select });

  /** Another record is asked for, or none: what is being edited goes, unless somebody wants to keep it. */
  async function onSelected() {
    if (!editor.isOpen()) return show();
    if (editor.isChanged) {
      const kept = drawn;
      if (!(await editor.askDiscard())) {
        store.set({ selected: kept });
        panels.open("details");
        return undefined;
      }
    } else if (!store.state.selected && !editor.uuid) {
      return undefined;
    }
    editor.end();
    return show();
  }

  view.picking.listen((found) => {
    hits = found;
    select(found[0] ?? null);
  });
  store.subscribe((_, changed) => {
    if (changed.has("selected")) onSelected();
  });
  panels.events.addEventListener("close", (event) => {
    if (/** @type {CustomEvent} */ (event).detail !== "details") return;
    if (editor.isOpen()) {
      // the card comes back before anything typed could be lost
      if (editor.isChanged) panels.open("details");
      editor.cancel();
    } else if (store.state.selected) {
      select(null);
    }
  });
  // a link that names a record and no view leads to the record
  if (store.state.selected) show(store.state.view ? false : "near");

  return {
    step,
    select,
    add: () => editor.add(),
    /** Begins to edit the record that is shown. */
    edit() {
      const opener = element.querySelector("#edit-open");
      if (opener instanceof HTMLElement) opener.click();
    },
  };
}
