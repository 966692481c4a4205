/**
 * Coverage: asks when the question, the day or the register changes, and shows the answer on card and map.
 *
 * @import { CoverageAnswer, CoverageQuestion, Norm } from "../api.js"
 * @import { MapView } from "../map-view.js"
 * @import { Panels } from "../panels.js"
 * @import { Register } from "../register.js"
 * @import { Store } from "../store.js"
 */
import { button, h } from "../dom.js";
import { saveFrom } from "../download.js";
import { askJson, faultText, isAbort } from "../fetching.js";
import { FIRST_QUESTION, villageFeatures } from "../logic/coverage.js";
import { coverageAddress } from "../logic/queries.js";
import { text } from "../page-data.js";
import { NOTHING } from "../style/context.js";
import { mountAnswer } from "./answer.js";
import { mountQuestion } from "./question.js";

/** While a slider moves, ask this long after it rests. */
const REST = 180;

/**
 * @param {HTMLElement} element the card's body
 * @param {{ store: Store, register: Register, view: MapView, panels: Panels }} options
 */
export function mount(element, { store, register, view, panels }) {
  let abort = new AbortController();
  let timer = 0;
  /** The question that the map answers now, so that nothing is asked twice. */
  let answered = "";
  const asking = h("div", { class: "coverage-ask" });
  const answering = h("div", { class: "coverage-answer", "aria-live": "polite" });
  element.replaceChildren(asking, answering);

  const question = mountQuestion(asking, {
    register,
    onAsk: (asked, soon) => {
      clearTimeout(timer);
      const set = () => store.set({ coverage: asked });
      if (soon) timer = window.setTimeout(set, REST);
      else set();
    },
  });
  const answer = mountAnswer(answering, {
    register,
    asof: () => store.state.asof,
    onBox: (box) => view.camera.goTo({ lon: 0, lat: 0, bbox: box }),
    onVillage: ({ uuid, lon, lat }) => {
      store.set({ selected: { layer: "divisions", uuid } }, { push: true });
      view.camera.goTo({ lon, lat });
    },
    onDownload: (path, name, event) => saveFrom(path, name, event),
  });

  async function ask() {
    const asked = store.state.coverage;
    document.querySelector('[data-opens="coverage"]')?.classList.toggle("is-on", asked !== null);
    if (!asked) return clear();
    question.show(asked);
    const path = coverageAddress("", asked, store.state.asof);
    const wanted = `${path} ${register.catalogue.seq}`;
    if (wanted === answered) return;
    answered = wanted;
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    answer.wait();
    outline(asked, signal);
    try {
      /** @type {CoverageAnswer} */
      const given = await askJson(path, { signal });
      view.setData("coverage-villages", villageFeatures(given.villages));
      view.showResult(true);
      answer.show(given);
    } catch (error) {
      if (isAbort(error)) return;
      answered = "";
      view.showResult(false);
      const again = button(text("Try again"), { small: true, onclick: () => ask() });
      answer.fault(h("div", { class: "empty" }, h("p", { class: "note note-danger" }, faultText(error)), again));
    }
  }

  /** The outline may come later than the figures, and may fail without them. @param {CoverageQuestion} asked @param {AbortSignal} signal */
  async function outline(asked, signal) {
    try {
      view.setData("coverage-outline", await askJson(coverageAddress("/outline", asked, store.state.asof), { signal }));
    } catch (error) {
      if (!isAbort(error)) view.setData("coverage-outline", NOTHING);
    }
  }

  function clear() {
    abort.abort();
    answered = "";
    answer.show(null);
    view.showResult(false);
    view.setData("coverage-villages", NOTHING);
    view.setData("coverage-outline", NOTHING);
  }

  panels.events.addEventListener("open", (event) => {
    if (/** @type {CustomEvent} */ (event).detail !== "coverage") return;
    if (!store.state.coverage) store.set({ coverage: { ...FIRST_QUESTION, kinds: [...FIRST_QUESTION.kinds] } }, { push: true });
  });
  document.getElementById("coverage-close")?.addEventListener("click", () => {
    panels.close("coverage");
    store.set({ coverage: null }, { push: true });
  });
  store.subscribe((state, changed) => {
    if (!changed.has("coverage") && !changed.has("asof")) return;
    if (changed.has("coverage") && !state.coverage) panels.close("coverage");
    ask();
  });
  register.addEventListener("change", () => ask());

  /** @type {Promise<Norm[]>} */
  const norms = askJson("/api/norms");
  norms.then((given) => question.setNorms(given), () => question.setNorms([]));
  question.show(store.state.coverage ?? { ...FIRST_QUESTION, kinds: [...FIRST_QUESTION.kinds] });
  if (store.state.coverage) {
    if (!panels.onPhone) panels.open("coverage");
    ask();
  }
}
