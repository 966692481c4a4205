/**
 * The day as at which the register is shown: days for which figures were published, any other day, or now.
 *
 * @import { Panels } from "./panels.js"
 * @import { Register } from "./register.js"
 * @import { Store } from "./store.js"
 */
import { byId, h } from "./dom.js";
import { isDay } from "./logic/address.js";
import { formatDay } from "./logic/format.js";
import { lang, text, title } from "./page-data.js";

/**
 * @param {HTMLElement} element
 * @param {{ store: Store, register: Register, panels: Panels }} options
 */
export function mount(element, { store, register, panels }) {
  const opener = byId("date-open");

  /** @param {string | null} day */
  function choose(day) {
    store.set({ asof: day }, { push: true });
    if (panels.onPhone) panels.close("date");
  }

  function draw() {
    const asof = store.state.asof;
    const said = opener.querySelector("span");
    if (said) said.textContent = asof ?? text("Today");
    opener.classList.toggle("is-past", asof !== null);
    opener.setAttribute("title", asof ? formatDay(asof, lang) : text("The register as at a day"));
    const preset = (/** @type {string | null} */ day, /** @type {string} */ name, /** @type {string} */ note) =>
      h("button", { type: "button", class: "preset", "aria-pressed": String(asof === day), onclick: () => choose(day) }, h("span", {}, name), h("time", {}, note));
    const dates = register.isThere ? register.catalogue.dates : [];
    const input = h("input", {
      class: "input",
      type: "date",
      id: "date-free",
      value: asof,
      min: "1949-10-01",
      onchange: (event) => {
        const day = /** @type {HTMLInputElement} */ (event.currentTarget).value;
        if (isDay(day)) choose(day);
      },
    });
    element.replaceChildren(
      h(
        "div",
        { class: "presets" },
        preset(null, text("Today"), text("as the register stands")),
        [...dates].reverse().map(({ day, title: names }) => preset(day, title(names) || formatDay(day, lang), text("figures published"))),
      ),
      h("div", { class: "field date-free" }, h("label", { for: "date-free" }, text("Another day")), input),
      h("p", { class: "hint" }, text("Map, search, coverage and export show what stood at the end of that day.")),
    );
  }

  register.addEventListener("change", draw);
  store.subscribe((_, changed) => {
    if (changed.has("asof")) draw();
  });
  draw();
}
