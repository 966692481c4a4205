/**
 * The layers panel: what the map shows, with swatches and counts, each class switched by itself.
 *
 * @import { LayerClass, LayerInfo, Shown } from "./api.js"
 * @import { MapView } from "./map-view.js"
 * @import { Register } from "./register.js"
 * @import { Store } from "./store.js"
 */
import { button, byId, h, icon } from "./dom.js";
import { formatNumber } from "./logic/format.js";
import { batchThatStandsOut, batchYear, firstShown, isShown, sameShown, switched } from "./logic/shown.js";
import { lang, settings, text, title } from "./page-data.js";
import { swatch } from "./swatch.js";

/** @typedef {{ layer: LayerInfo, classes: LayerClass[] | null }} Row `classes` null: the whole layer */
/** @typedef {{ key: string, title: string, rows: Row[], folded: boolean }} Group */

/** Layers that stand whole under the lines, and those under the place names. */
const UNDER_LINES = ["tripoints", "stakes", "boundary-points", "divisions"];
const UNDER_PLACES = ["stories", "place-lines", "place-areas", "place-signs"];

/**
 * @param {HTMLElement} element
 * @param {{ store: Store, register: Register, view: MapView, onSources: () => void }} options
 */
export function mount(element, { store, register, view, onSources }) {
  /** What the reader has folded or unfolded. @type {Map<string, boolean>} */
  const folds = new Map();

  /** @param {Shown} shown */
  function setShown(shown) {
    store.set({ shown: sameShown(shown, firstShown(register.catalogue)) ? null : shown });
  }

  /** @param {Row} row @param {boolean} on */
  const withRow = (row, on) => switched(view.shown(), row.layer, row.classes && row.classes.map((each) => each.key), on);

  /** @param {Row} row @param {Shown} shown */
  const isOn = (row, shown) =>
    row.classes ? row.classes.some((each) => isShown(shown, row.layer.key, each.key)) : isShown(shown, row.layer.key);

  /** @param {Row} row */
  function rowElement(row) {
    const shown = view.shown();
    const single = row.classes?.[0];
    const standsOut = batchThatStandsOut(shown, register.layer("boundary-lines"));
    const isBatch = row.layer.key === "boundary-lines" && single !== undefined && batchYear(single.key) === standsOut;
    const name = title((single ?? row.layer).title);
    const box = h("input", {
      type: "checkbox",
      checked: isOn(row, shown),
      onchange: (event) => setShown(withRow(row, /** @type {HTMLInputElement} */ (event.currentTarget).checked)),
    });
    return h(
      "label",
      { class: "layer-row", title: name, "data-layer": row.layer.key, "data-class": single?.key },
      box,
      swatch(row.layer.key, single?.key, { isBatch }),
      h("span", { class: "layer-title" }, name),
      h("span", { class: "layer-count" }, formatNumber(single?.count ?? row.layer.count, lang)),
    );
  }

  /** @param {Group} group */
  function groupElement(group) {
    const folded = folds.get(group.key) ?? group.folded;
    const shown = view.shown();
    const on = group.rows.some((row) => isOn(row, shown));
    const all = h("input", {
      type: "checkbox",
      role: "switch",
      checked: on,
      "aria-label": text("Show all of %(group)s", { group: group.title }),
      onchange: (event) => {
        const wanted = /** @type {HTMLInputElement} */ (event.currentTarget).checked;
        let next = view.shown();
        for (const row of group.rows) next = switched(next, row.layer, row.classes && row.classes.map((each) => each.key), wanted);
        setShown(next);
      },
    });
    const count = group.rows.reduce((sum, row) => sum + (row.classes?.[0]?.count ?? row.layer.count), 0);
    return h(
      "section",
      { class: "layer-group", "data-group": group.key },
      h(
        "div",
        { class: "layer-head" },
        h(
          "button",
          {
            type: "button",
            class: "layer-fold",
            "aria-expanded": String(!folded),
            onclick: () => {
              folds.set(group.key, !folded);
              draw();
            },
          },
          icon("down"),
          h("span", { class: "layer-title" }, group.title),
          folded && h("span", { class: "layer-count" }, formatNumber(count, lang)),
        ),
        h("span", { class: "switch" }, all, h("span")),
      ),
      folded ? null : group.rows.map(rowElement),
    );
  }

  /** @returns {Group[]} */
  function groups() {
    const lines = register.layer("boundary-lines");
    const places = register.layer("place-names");
    const facilities = register.layer("facilities");
    const rowsOf = (/** @type {LayerInfo | undefined} */ layer, /** @type {LayerClass[]} */ classes) =>
      layer ? classes.map((each) => ({ layer, classes: [each] })) : [];
    const whole = (/** @type {string[]} */ keys) =>
      keys.flatMap((key) => {
        const layer = register.layer(key);
        return layer ? [{ layer, classes: null }] : [];
      });
    const batches = [...(lines?.classes ?? [])].sort((a, b) => b.key.localeCompare(a.key));
    /** @type {Group[]} */
    const found = [
      { key: "lines", title: text("Boundaries"), rows: [...rowsOf(lines, batches), ...whole(UNDER_LINES)], folded: false },
    ];
    const kinds = facilities?.classes ?? [];
    const shown = view.shown();
    for (const group of register.catalogue.groups) {
      const rows = rowsOf(facilities, kinds.filter((kind) => kind.group === group.key && (kind.count || isShown(shown, "facilities", kind.key))));
      const open = rows.some((row) => isOn(row, firstShown(register.catalogue)));
      if (rows.length) found.push({ key: group.key, title: title(group.title), rows, folded: !open });
    }
    const other = rowsOf(facilities, kinds.filter((kind) => !register.catalogue.groups.some((group) => group.key === kind.group)));
    if (other.length) found.push({ key: "other", title: text("Other facilities"), rows: other, folded: true });
    found.push({
      key: "places",
      title: text("Place names"),
      rows: [...rowsOf(places, places?.classes ?? []), ...whole(UNDER_PLACES)],
      folded: false,
    });
    return found.filter((group) => group.rows.length);
  }

  function basemapElement() {
    if (!settings.basemap) return null;
    const box = h("input", {
      type: "checkbox",
      checked: store.state.basemap,
      onchange: (event) => store.set({ basemap: /** @type {HTMLInputElement} */ (event.currentTarget).checked }),
    });
    const name = settings.basemap.title || text("Base map");
    return h("section", { class: "layer-group" }, h("label", { class: "layer-row" }, box, swatch("basemap"), h("span", { class: "layer-title" }, name)));
  }

  function draw() {
    if (!register.isThere) return;
    const top = element.scrollTop;
    const focus = focusPath(element);
    element.replaceChildren(
      ...groups().map(groupElement),
      ...[basemapElement()].filter((each) => each !== null),
      h("div", { class: "layers-foot" }, button(text("Sources"), { kind: "plain", small: true, icon: "list", onclick: onSources })),
    );
    element.scrollTop = top;
    focus?.();
    byId("layers-reset").hidden = store.state.shown === null;
  }

  byId("layers-reset").addEventListener("click", () => store.set({ shown: null }));
  register.addEventListener("change", draw);
  store.subscribe((_, changed) => {
    if (changed.has("shown") || changed.has("basemap")) draw();
  });
  draw();
}

/** Remembers which control had the focus, for it is drawn anew. @param {HTMLElement} element @returns {(() => void) | null} */
function focusPath(element) {
  const controls = () => [...element.querySelectorAll("input, button")];
  const index = document.activeElement ? controls().indexOf(document.activeElement) : -1;
  if (index < 0) return null;
  return () => {
    const control = controls()[index];
    if (control instanceof HTMLElement) control.focus({ preventScroll: true });
  };
}
