/**
 * Two people at one record: both versions side by side, and for each field whose value is to stand.
 *
 * @import { ConflictAnswer, Side } from "../api.js"
 */
import { button, byId, h } from "../dom.js";
import { firstChoice, settledValues } from "../logic/editing.js";
import { formatLength } from "../logic/format.js";
import { lang, text } from "../page-data.js";

const PLACE = "@place";

/**
 * Asks for each field which value is right.
 *
 * @param {ConflictAnswer} conflict
 * @returns {Promise<{ values: Record<string, unknown>, place: "mine" | "theirs" } | null>} null where somebody goes back
 */
export function askConflict(conflict) {
  const dialog = byId("conflict", HTMLDialogElement);
  const body = byId("conflict-body");
  /** @type {Record<string, "mine" | "theirs" | null>} */
  const chosen = Object.fromEntries(conflict.fields.map((field) => [field.name, firstChoice(field)]));
  const { place } = conflict;
  if (place) chosen[PLACE] = place.both ? null : place.mine_m ? "mine" : "theirs";
  const save = button(text("Save these"), { kind: "main", icon: "check", onclick: () => end(true) });
  let done = false;

  const open = () => Object.values(chosen).filter((each) => each === null).length;

  function look() {
    save.disabled = open() > 0;
    left.textContent = open() ? text("%(count)s fields to choose", { count: open() }) : "";
  }

  /** @param {string} name @param {string} label @param {"mine" | "theirs"} side @param {string} value */
  function choice(name, label, side, value) {
    const input = h("input", { type: "radio", name: `conflict-${name}`, value: side, checked: chosen[name] === side, "aria-label": `${label}: ${side === "mine" ? text("yours") : text("theirs")}` });
    input.addEventListener("change", () => {
      chosen[name] = side;
      look();
    });
    return h("td", {}, h("label", { class: "conflict-choice" }, input, value ? h("span", {}, value) : h("span", { class: "quiet" }, text("empty"))));
  }

  /** @param {string} name @param {string} label @param {string} base @param {string} theirs @param {string} mine @param {boolean} both */
  function row(name, label, base, theirs, mine, both) {
    return h(
      "tr",
      { "data-field": name, class: both && "is-both" },
      h("th", { scope: "row" }, label, h("small", { class: "quiet" }, text("was: %(value)s", { value: base || text("empty") }))),
      choice(name, label, "theirs", theirs),
      choice(name, label, "mine", mine),
    );
  }

  const said = (/** @type {Side} */ side) => side.text;
  const way = (/** @type {number | null} */ metres) => (metres ? text("moved by %(distance)s", { distance: formatLength(metres, lang) }) : text("where it was"));
  const left = h("p", { class: "quiet small", "aria-live": "polite" });
  const all = (/** @type {"mine" | "theirs"} */ side, /** @type {string} */ label) =>
    button(label, {
      small: true,
      onclick: () => {
        for (const input of body.querySelectorAll(`input[value=${side}]`)) if (input instanceof HTMLInputElement && !input.checked) input.click();
      },
    });
  body.replaceChildren(
    h("p", {}, text("%(who)s has saved this record while you were at it. Choose which value is right.", { who: conflict.who ?? text("Another program") })),
    h(
      "table",
      { class: "table conflict-table" },
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, text("Field")), h("th", { scope: "col" }, text("theirs")), h("th", { scope: "col" }, text("yours")))),
      h(
        "tbody",
        {},
        conflict.fields.map((field) => row(field.name, field.title, said(field.base), said(field.theirs), said(field.mine), field.both)),
        place && row(PLACE, text("Place on the map"), "", way(place.theirs_m), way(place.mine_m), place.both),
      ),
    ),
    h("div", { class: "actions" }, all("theirs", text("All theirs")), all("mine", text("All yours"))),
    h("div", { class: "dialog-foot" }, left, button(text("Back to the form"), { onclick: () => end(false) }), save),
  );
  look();

  /** @type {(answer: { values: Record<string, unknown>, place: "mine" | "theirs" } | null) => void} */
  let settle = () => {};
  /** @param {boolean} kept */
  function end(kept) {
    if (done) return;
    done = true;
    dialog.close();
    const decided = /** @type {Record<string, "mine" | "theirs">} */ (chosen);
    settle(kept ? { values: settledValues(conflict.fields, decided), place: decided[PLACE] ?? "theirs" } : null);
  }
  dialog.addEventListener("close", () => end(false), { once: true });
  dialog.showModal();
  return new Promise((resolve) => (settle = resolve));
}
