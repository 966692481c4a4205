/**
 * The export dialog: a layer, whole or as the map shows it, as a file to hand on.
 *
 * @import { MapView } from "./map-view.js"
 * @import { Register } from "./register.js"
 * @import { Store } from "./store.js"
 */
import { h } from "./dom.js";
import { download } from "./download.js";
import { faultText, isAbort } from "./fetching.js";
import { exportedByJob } from "./jobs/exporting.js";
import { formatBytes, formatDay, formatNumber, formatPercent } from "./logic/format.js";
import { exportAddress } from "./logic/queries.js";
import { isShown } from "./logic/shown.js";
import { lang, settings, text, title } from "./page-data.js";

const FORMATS = [
  ["shp", "Shapefile (.zip)"],
  ["gpkg", "GeoPackage (.gpkg)"],
  ["geojson", "GeoJSON (.geojson)"],
];
const ENCODINGS = [
  ["utf-8", "UTF-8"],
  ["gb18030", "GB 18030"],
];
/** A bar appears only where a download takes longer than this. */
const LONG = 2000;
/** More features than this take longer than a few seconds: who has an account gets them as a job. */
const MANY = 30000;

/** @returns {[string, string][]} */
function systems() {
  return [
    ["4490", text("CGCS2000, degrees (4490)")],
    ["4326", text("WGS 84, degrees (4326)")],
    ["4528", text("CGCS2000, 3° zone 40 (4528)")],
    ["4549", text("CGCS2000, central meridian 120° (4549)")],
    ["4527", text("CGCS2000, 3° zone 39 (4527)")],
    ["4548", text("CGCS2000, central meridian 117° (4548)")],
  ];
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {{ store: Store, register: Register, view: MapView }} options
 */
export function mount(dialog, { store, register, view }) {
  const form = dialog.querySelector("form");
  if (!form) throw new Error("The export dialog has no form.");
  const chosen = { layer: "", scope: "shown", format: "shp", crs: "4490", encoding: "utf-8", here: false };
  let abort = new AbortController();
  const state = h("div", { class: "export-progress", "aria-live": "polite" });

  /** @param {string} label @param {keyof typeof chosen} name @param {readonly (readonly string[])[]} options @param {boolean} [off] */
  function select(label, name, options, off = false) {
    const id = `export-${name}`;
    return h(
      "div",
      { class: "field" },
      h("label", { for: id }, label),
      h(
        "select",
        {
          class: "input",
          id,
          disabled: off,
          onchange: (event) => {
            Object.assign(chosen, { [name]: /** @type {HTMLSelectElement} */ (event.currentTarget).value });
            draw();
          },
        },
        options.map(([value = "", name_ = ""]) => h("option", { value, selected: chosen[name] === value }, name_)),
      ),
    );
  }

  /** The classes that the map shows of the chosen layer; null for all of them. */
  function classes() {
    return chosen.scope === "shown" ? (view.shown()[chosen.layer] ?? null) : null;
  }

  /** The extent of the map that no panel covers. @returns {[number, number, number, number] | null} */
  function box() {
    if (!chosen.here) return null;
    const { top, right, bottom, left } = view.map.getPadding();
    const { clientWidth, clientHeight } = view.map.getContainer();
    const corners = [view.map.unproject([left ?? 0, clientHeight - (bottom ?? 0)]), view.map.unproject([clientWidth - (right ?? 0), top ?? 0])];
    const [southWest, northEast] = corners;
    if (!southWest || !northEast) return null;
    return [southWest.lng, southWest.lat, northEast.lng, northEast.lat];
  }

  /** How many features are chosen, at most. */
  function counted() {
    const layer = register.layer(chosen.layer);
    const wanted = classes();
    if (!layer || !wanted) return layer?.count ?? 0;
    return layer.classes.filter((each) => wanted.includes(each.key)).reduce((sum, each) => sum + each.count, 0);
  }

  function says() {
    const layer = register.layer(chosen.layer);
    if (!layer) return "";
    const wanted = classes();
    const count = counted();
    const parts = [
      title(layer.title),
      wanted && text("%(count)s of %(all)s classes", { count: wanted.length, all: layer.classes.length }),
      chosen.here ? text("within the view") : text("%(count)s features", { count: formatNumber(count, lang) }),
      store.state.asof ? formatDay(store.state.asof, lang) : text("as of today"),
    ];
    return parts.filter(Boolean).join(" · ");
  }

  function draw() {
    if (!form) return;
    const focus = document.activeElement?.id;
    const layers = register.catalogue.layers.map((layer) => [layer.key, `${title(layer.title)} (${formatNumber(layer.count, lang)})`]);
    const radio = (/** @type {string} */ value, /** @type {string} */ label) =>
      h(
        "label",
        { class: "check" },
        h("input", { type: "radio", name: "scope", id: `export-scope-${value}`, checked: chosen.scope === value, onchange: () => { chosen.scope = value; draw(); } }),
        h("span", {}, label),
      );
    const here = h("input", { type: "checkbox", id: "export-here", checked: chosen.here, onchange: (event) => { chosen.here = /** @type {HTMLInputElement} */ (event.currentTarget).checked; draw(); } });
    form.replaceChildren(
      select(text("Layer"), "layer", layers),
      h("div", {}, radio("shown", text("What the map shows of it")), radio("all", text("All of it")), h("label", { class: "check" }, here, h("span", {}, text("Only within the view")))),
      select(text("Format"), "format", FORMATS),
      h("div", { class: "row" }, select(text("Coordinates"), "crs", systems()), select(text("Encoding"), "encoding", ENCODINGS, chosen.format !== "shp")),
      h("p", { class: "hint" }, says()),
      state,
      h(
        "div",
        { class: "dialog-foot" },
        h("button", { type: "button", class: "button", onclick: () => dialog.close() }, text("Close")),
        h("button", { type: "submit", class: "button button-main", id: "export-go" }, text("Download")),
      ),
    );
    if (focus) document.getElementById(focus)?.focus();
  }

  async function go() {
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    const wanted = { ...chosen, asof: store.state.asof, classes: classes(), bbox: box() };
    const button = document.getElementById("export-go");
    button?.setAttribute("disabled", "");
    const bar = h("progress", {});
    const words = h("p", { class: "hint" }, text("Preparing …"));
    const slow = setTimeout(() => state.replaceChildren(bar, words), LONG);
    state.replaceChildren(h("p", { class: "hint" }, h("span", { class: "spinner" })));
    try {
      const path =
        settings.person && counted() > MANY && !chosen.here
          ? await exportedByJob(chosen.layer, wanted, {
              signal,
              onProgress: ({ share, phase }) => {
                state.replaceChildren(bar, words, h("p", { class: "hint" }, text("You may close this: the file will be under “Jobs”.")));
                bar.value = share;
                words.textContent = [phase || text("Preparing …"), `${formatPercent(share, lang, 0)} %`].join(" ");
              },
            })
          : exportAddress(chosen.layer, wanted);
      const { name, size } = await download(path, `dijie-${chosen.layer}`, {
        signal,
        onProgress: ({ received, total }) => {
          words.textContent = formatBytes(received, lang);
          if (total) {
            bar.max = total;
            bar.value = received;
          }
        },
      });
      state.replaceChildren(h("p", { class: "hint", id: "export-done" }, text("Saved: %(name)s, %(size)s", { name, size: formatBytes(size, lang) })));
    } catch (error) {
      state.replaceChildren(isAbort(error) ? "" : h("p", { class: "note note-danger", role: "alert" }, faultText(error)));
    } finally {
      clearTimeout(slow);
      document.getElementById("export-go")?.removeAttribute("disabled");
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go();
  });
  dialog.addEventListener("close", () => {
    abort.abort();
    state.replaceChildren();
  });

  return {
    open() {
      if (!register.isThere || dialog.open) return;
      const shown = view.shown();
      const keys = register.catalogue.layers.map((layer) => layer.key);
      if (!chosen.layer) chosen.layer = keys.find((key) => isShown(shown, key)) ?? keys[0] ?? "";
      draw();
      dialog.showModal();
    },
  };
}
