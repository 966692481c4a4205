/**
 * What goes on: a quiet line while the map loads, a clear banner while the server is gone, a retry where tiles failed.
 *
 * @import { MapView } from "./map-view.js"
 * @import { Register } from "./register.js"
 */
import { button, byId, h, icon } from "./dom.js";
import { ask, connection, faultText } from "./fetching.js";
import { text } from "./page-data.js";

/** A quick answer needs no word. */
const PATIENCE = 500;
const FIRST_RETRY = 2000;
const LAST_RETRY = 20000;

/** Shows a banner from the first failed question on, asks again by itself, and goes when the server answers. */
export function mountBanner() {
  const banner = byId("banner");
  let timer = 0;
  let wait = FIRST_RETRY;

  async function again() {
    clearTimeout(timer);
    try {
      await ask("/healthz");
    } catch {
      wait = Math.min(wait * 1.6, LAST_RETRY);
      timer = window.setTimeout(again, wait);
    }
  }

  connection.addEventListener("gone", () => {
    if (!banner.hidden) return;
    banner.replaceChildren(icon("offline"), h("span", {}, text("The server does not answer. The page goes on as soon as it is back.")), button(text("Try again"), { small: true, onclick: again }));
    banner.hidden = false;
    wait = FIRST_RETRY;
    timer = window.setTimeout(again, wait);
  });
  connection.addEventListener("answers", () => {
    clearTimeout(timer);
    banner.hidden = true;
  });
}

/** The line while the catalogue is awaited, with a retry where it did not come. @param {Register} register */
export function mountRegisterStatus(register) {
  const line = byId("status");
  let timer = 0;
  register.addEventListener("wait", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => show(line, [h("span", { class: "spinner" }), text("Loading …")]), PATIENCE);
  });
  for (const name of ["change", "same"]) {
    register.addEventListener(name, () => {
      clearTimeout(timer);
      line.hidden = true;
    });
  }
  register.addEventListener("fault", () => {
    clearTimeout(timer);
    const again = button(text("Try again"), { small: true, onclick: () => register.load(register.asof) });
    show(line, [icon("warning"), faultText(register.error), again]);
  });
}

/** The line while tiles are awaited, with a retry where some did not come. @param {MapView} view */
export function mountTileStatus(view) {
  const line = byId("status");
  const { map } = view;
  let timer = 0;
  let failed = false;

  map.on("dataloading", () => {
    if (timer || failed) return;
    timer = window.setTimeout(() => show(line, [h("span", { class: "spinner" }), text("Loading the map …")]), PATIENCE);
  });
  map.on("idle", () => {
    clearTimeout(timer);
    timer = 0;
    if (!failed) line.hidden = true;
  });
  map.on("error", ({ error }) => {
    const status = /** @type {{ status?: number }} */ (error).status;
    if (/abort/i.test(error.message)) return;
    if (status === undefined && !/fetch|network/i.test(error.message)) {
      console.error(error);
      return;
    }
    if (!status || status >= 502) connection.dispatchEvent(new Event("gone"));
    failed = true;
    const again = button(text("Try again"), {
      small: true,
      onclick: () => {
        failed = false;
        line.hidden = true;
        view.reload();
      },
    });
    show(line, [icon("warning"), text("Part of the map could not be loaded."), again]);
  });
  connection.addEventListener("back", () => {
    failed = false;
    line.hidden = true;
  });
}

/** @param {HTMLElement} line @param {(Node | string)[]} content */
function show(line, content) {
  line.replaceChildren(...content);
  line.hidden = false;
}
