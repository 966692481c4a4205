/** The map page: brings its behaviours together. */
import { mountMenus } from "./account-menu.js";
import { mount as mountCoverage } from "./coverage/card.js";
import { mount as mountDate } from "./date-control.js";
import { mount as mountDetails } from "./details-card.js";
import { mountDialogs, openSources } from "./dialogs.js";
import { byId, h } from "./dom.js";
import { mount as mountExport } from "./export-dialog.js";
import { mount as mountKeyboard } from "./keyboard.js";
import { mount as mountLanguage } from "./language.js";
import { mount as mountLayers } from "./layers-panel.js";
import { levelZoom } from "./logic/levels.js";
import { mount as mountControls } from "./map-controls.js";
import { mount as mountMap } from "./map-view.js";
import { mount as mountMeasure } from "./measure.js";
import { text } from "./page-data.js";
import { mount as mountPanels } from "./panels.js";
import { mount as mountPrint } from "./print.js";
import { Register } from "./register.js";
import { mountRomans } from "./romans.js";
import { mount as mountSearch } from "./search-box.js";
import { mountBanner, mountRegisterStatus, mountTileStatus } from "./status.js";
import { createStore } from "./store.js";
import { mount as mountTheme } from "./theme.js";

const store = createStore(window);
const register = new Register();
const panels = mountPanels(document.body);

mountBanner();
mountRegisterStatus(register);
mountDialogs();
mountMenus();
mountTheme(byId("theme"));
mountLanguage(byId("language", HTMLAnchorElement));
mountDate(byId("date-body"), { store, register, panels });

store.subscribe((state, changed) => {
  if (changed.has("asof")) register.load(state.asof);
});
register.addEventListener("change", start, { once: true });
register.load(store.state.asof);
register.watch();

/** Everything that needs to know which layers there are. */
function start() {
  const onSources = () => openSources(register);
  const view = drawMap();
  if (!view) return;
  byId("synthetic").hidden = !register.catalogue.synthetic;
  byId("nothing-yet").hidden = register.catalogue.layers.some((layer) => layer.count > 0);
  mountTileStatus(view);
  mountRomans(view, register);
  mountPrint(view.map);
  const controls = mountControls(view, { register, basemapOn: () => store.state.basemap, onSources });
  store.subscribe((_, changed) => {
    if (changed.has("basemap")) controls.drawSources();
  });
  mountLayers(byId("layers-body"), { store, register, view, onSources });
  mountMeasure(byId("measure-body"), { view, panels });
  const details = mountDetails(byId("details"), {
    store,
    register,
    view,
    panels,
    onReach: (kind) => {
      const asked = store.state.coverage;
      store.set({ coverage: { kinds: [kind], distance: asked?.distance ?? 1000, weight: asked?.weight ?? "population" } }, { push: true });
      panels.open("coverage");
    },
  });
  mountCoverage(byId("coverage-body"), { store, register, view, panels });
  const search = mountSearch(byId("search"), {
    centre: () => view.map.getCenter(),
    asof: () => store.state.asof,
    layer: (key) => register.layer(key),
    onChoose: (item) => {
      // First the card, so that the map goes where the card leaves it free.
      details.select(item);
      const level = register.layer(item.layer)?.classes.find((each) => each.title.zh === item.kind.zh)?.key;
      view.camera.goTo({ ...item, zoom: levelZoom(item.layer, level) });
    },
  });
  const adding = document.getElementById("add-open");
  adding?.addEventListener("click", () => details.add());
  const exporting = mountExport(byId("export", HTMLDialogElement), { store, register, view });
  const help = byId("help", HTMLDialogElement);
  byId("export-open").addEventListener("click", () => exporting.open());
  byId("help-open").addEventListener("click", () => help.showModal());
  byId("home").addEventListener("click", () => view.camera.goHome());
  mountKeyboard({
    "/": () => search.focus(),
    l: () => panels.toggle("layers"),
    c: () => panels.toggle("coverage"),
    m: () => panels.toggle("measure"),
    d: () => panels.toggle("date"),
    e: () => exporting.open(),
    a: () => adding && details.add(),
    r: () => details.edit(),
    0: () => view.camera.goHome(),
    "[": () => details.step(-1),
    "]": () => details.step(1),
    "?": () => help.showModal(),
    Escape: () => panels.closeTop(),
  });
  document.documentElement.classList.add("is-ready");
}

/** The map, or a word where this browser cannot draw one. */
function drawMap() {
  try {
    return mountMap(byId("map"), { store, register, panels });
  } catch (error) {
    console.error(error);
    byId("map").replaceChildren(h("div", { class: "map-impossible" }, h("p", { class: "note" }, text("This browser cannot draw the map: it needs WebGL 2."))));
    return null;
  }
}
