/**
 * What is asked of coverage: kinds, distance, weight. Every change asks at once.
 *
 * @import { CoverageQuestion, LayerClass, Norm, Weight } from "../api.js"
 * @import { Register } from "../register.js"
 */
import { h, icon } from "../dom.js";
import { DISTANCE_MAX, DISTANCE_MIN, WEIGHTS } from "../logic/address.js";
import { DISTANCES, normOf, sliderPlace } from "../logic/coverage.js";
import { formatLength } from "../logic/format.js";
import { lang, text, title } from "../page-data.js";
import { swatch } from "../swatch.js";

/** @param {Weight} weight */
export function weightTitle(weight) {
  /** @type {Record<Weight, string>} */
  const titles = {
    population: text("All residents"),
    aged_60: text("Aged 60+"),
    aged_65: text("Aged 65+"),
    aged_80: text("Aged 80+"),
    villages: text("Villages"),
  };
  return titles[weight];
}

/** The same in the room of a chip. @param {Weight} weight */
function shortWeightTitle(weight) {
  /** @type {Record<Weight, string>} */
  const titles = { population: text("Everyone"), aged_60: text("60+"), aged_65: text("65+"), aged_80: text("80+"), villages: text("Villages") };
  return titles[weight];
}

/** @param {Register} register @param {readonly string[]} keys */
export function kindTitles(register, keys) {
  const classes = register.layer("facilities")?.classes ?? [];
  return keys.map((key) => title(classes.find((each) => each.key === key)?.title) || key);
}

/**
 * @param {HTMLElement} element
 * @param {{ register: Register, onAsk: (question: CoverageQuestion, soon: boolean) => void }} options
 */
export function mountQuestion(element, { register, onAsk }) {
  /** @type {Norm[]} */
  let norms = [];
  /** @type {CoverageQuestion} */
  let question = { kinds: [], distance: 1000, weight: "population" };
  let kindsOpen = false;

  /** @param {Partial<CoverageQuestion>} patch @param {boolean} [soon] whether more may follow at once */
  function change(patch, soon = false) {
    question = { ...question, ...patch };
    if (question.kinds.length) onAsk(question, soon);
    if (!soon) draw();
  }

  function kindsElement() {
    const layer = register.layer("facilities");
    const groups = register.catalogue.groups;
    const summary = kindTitles(register, question.kinds).join(lang === "zh" ? "、" : ", ") || text("Choose at least one kind");
    const box = h(
      "details",
      { class: "coverage-kinds", open: kindsOpen, ontoggle: (event) => (kindsOpen = /** @type {HTMLDetailsElement} */ (event.currentTarget).open) },
      h("summary", { "aria-label": text("Kinds of facilities") }, h("span", { title: summary }, summary), icon("down")),
      h(
        "div",
        { class: "coverage-kinds-list" },
        groups.flatMap((group) => {
          const kinds = (layer?.classes ?? []).filter((kind) => kind.group === group.key);
          return kinds.length ? [h("p", { class: "section-title" }, title(group.title)), ...kinds.map(kindElement)] : [];
        }),
      ),
    );
    return h("div", { class: "field" }, h("span", { class: "label" }, text("Kinds of facilities")), box);
  }

  /** @param {LayerClass} kind */
  function kindElement(kind) {
    const box = h("input", {
      type: "checkbox",
      value: kind.key,
      checked: question.kinds.includes(kind.key),
      onchange: (event) => {
        const on = /** @type {HTMLInputElement} */ (event.currentTarget).checked;
        change({ kinds: on ? [...question.kinds, kind.key] : question.kinds.filter((key) => key !== kind.key) });
      },
    });
    return h("label", { class: "check" }, box, swatch("facilities", kind.key), h("span", {}, title(kind.title)), h("span", { class: "quiet small figures" }, kind.count));
  }

  function normsElement() {
    const now = normOf(norms, question);
    const select = h(
      "select",
      {
        class: "input",
        id: "coverage-norm",
        onchange: (event) => {
          const norm = norms.find(({ key }) => key === /** @type {HTMLSelectElement} */ (event.currentTarget).value);
          if (norm) change({ kinds: [...norm.kinds], distance: norm.distance_m });
        },
      },
      h("option", { value: "", selected: !now }, text("Own choice")),
      norms.map((norm) => h("option", { value: norm.key, selected: norm === now }, title(norm.title))),
    );
    const status = now && { H: text("sure"), M: text("likely"), L: text("to be confirmed") }[now.status];
    return h(
      "div",
      { class: "field" },
      h("label", { for: "coverage-norm" }, text("Norm")),
      select,
      now && h("p", { class: "hint" }, text("Source: %(source)s (%(status)s)", { source: now.source, status: status ?? "" })),
    );
  }

  function distanceElement() {
    const number = h("input", {
      class: "input",
      type: "number",
      id: "coverage-distance",
      min: DISTANCE_MIN,
      max: DISTANCE_MAX,
      step: 50,
      value: question.distance,
      onchange: (event) => {
        const metres = Math.round(Number(/** @type {HTMLInputElement} */ (event.currentTarget).value));
        if (metres >= DISTANCE_MIN && metres <= DISTANCE_MAX) change({ distance: metres });
        else draw();
      },
    });
    const slider = h("input", {
      type: "range",
      min: 0,
      max: DISTANCES.length - 1,
      step: 1,
      value: sliderPlace(question.distance),
      "aria-label": text("Distance"),
      "aria-valuetext": formatLength(question.distance, lang),
      oninput: (event) => {
        const metres = DISTANCES[Number(/** @type {HTMLInputElement} */ (event.currentTarget).value)] ?? question.distance;
        number.value = String(metres);
        change({ distance: metres }, true);
      },
      onchange: () => draw(),
    });
    return h(
      "div",
      { class: "distance" },
      h("label", { class: "label", for: "coverage-distance" }, text("Distance, straight line")),
      slider,
      h("div", { class: "with-unit" }, number, h("span", {}, lang === "zh" ? "米" : "m")),
    );
  }

  function weightElement() {
    const chips = WEIGHTS.map((weight) =>
      h(
        "button",
        { type: "button", class: "chip", role: "radio", "aria-checked": String(question.weight === weight), onclick: () => change({ weight }) },
        shortWeightTitle(weight),
      ),
    );
    return h(
      "div",
      { class: "field" },
      h("span", { class: "label", id: "coverage-weight" }, text("Weighted by")),
      h("div", { class: "chips", role: "radiogroup", "aria-labelledby": "coverage-weight" }, chips),
    );
  }

  function draw() {
    const focused = document.activeElement instanceof HTMLElement ? [...element.querySelectorAll("input, select, button, summary")].indexOf(document.activeElement) : -1;
    const top = element.querySelector(".coverage-kinds-list")?.scrollTop ?? 0;
    element.replaceChildren(kindsElement(), normsElement(), distanceElement(), weightElement());
    const list = element.querySelector(".coverage-kinds-list");
    if (list) list.scrollTop = top;
    const again = [...element.querySelectorAll("input, select, button, summary")][focused];
    if (focused >= 0 && again instanceof HTMLElement) again.focus({ preventScroll: true });
  }

  return {
    /** @param {CoverageQuestion} asked */
    show(asked) {
      if (JSON.stringify(asked) === JSON.stringify(question) && element.childElementCount) return;
      question = asked;
      draw();
    },
    /** @param {Norm[]} given */
    setNorms(given) {
      norms = given;
      draw();
    },
  };
}
