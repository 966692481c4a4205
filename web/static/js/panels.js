/**
 * Which panels are open, and how much of the map they leave free.
 *
 * On a wide page the layers stand at the left, and at the right one of date, measuring and details with the coverage
 * under it. On a phone one sheet is up at a time; details lie over the coverage, which comes back when they close.
 */
import { byId } from "./dom.js";

/** @typedef {"layers" | "date" | "measure" | "details" | "coverage"} PanelName */
/** @typedef {{ top: number, right: number, bottom: number, left: number }} Padding */

/** @type {PanelName[]} */
const NAMES = ["layers", "date", "measure", "details", "coverage"];
const GAP = 16;

/** @param {HTMLElement} root the page's body */
export function mount(root) {
  const phone = matchMedia("(max-width: 719px)");
  const events = new EventTarget();
  /** @type {Set<PanelName>} */
  const open = new Set();
  const fold = byId("layers-fold");
  const body = byId("layers-body");
  const panel = (/** @type {PanelName} */ name) => byId(name);

  /** @param {PanelName} name */
  const isOpen = (name) => open.has(name);

  function show() {
    for (const name of NAMES) {
      const up = name === "layers" ? !phone.matches || open.has("layers") : open.has(name);
      panel(name).hidden = !up;
      panel(name).classList.toggle("is-open", up);
    }
    const above = open.has("date") || open.has("measure") || open.has("details");
    panel("coverage").classList.toggle("steps-back", above);
    root.classList.toggle("sheet-up", open.size > 0);
    for (const opener of root.querySelectorAll("[data-opens]")) {
      const name = /** @type {PanelName} */ (opener.getAttribute("data-opens"));
      opener.setAttribute("aria-expanded", String(open.has(name)));
    }
    measure();
    events.dispatchEvent(new Event("change"));
  }

  /** @param {PanelName} name */
  function openPanel(name) {
    if (open.has(name)) return;
    const stays = (/** @type {PanelName} */ other) =>
      phone.matches ? other === "coverage" && name === "details" : other === "coverage" || name === "coverage";
    for (const other of [...open]) if (!stays(other)) closePanel(other, false);
    open.add(name);
    panel(name).classList.remove("sheet-tall");
    show();
    events.dispatchEvent(new CustomEvent("open", { detail: name }));
  }

  /** @param {PanelName} name @param {boolean} [redraw] */
  function closePanel(name, redraw = true) {
    if (!open.delete(name)) return;
    if (redraw) show();
    events.dispatchEvent(new CustomEvent("close", { detail: name }));
  }

  /** @param {PanelName} name */
  const toggle = (name) => {
    if (name === "layers" && !phone.matches) foldLayers(fold.getAttribute("aria-expanded") === "true");
    else if (open.has(name)) closePanel(name);
    else openPanel(name);
  };

  /** @param {boolean} folded */
  function foldLayers(folded) {
    fold.setAttribute("aria-expanded", String(!folded));
    body.hidden = folded;
    root.classList.toggle("layers-folded", folded);
    measure();
    events.dispatchEvent(new Event("change"));
  }

  /** Keeps the corner with zoom and scale clear of a card that reaches down to it. */
  function measure() {
    const right = document.querySelector(".column-right");
    const cards = [...(right?.querySelectorAll(".panel") ?? [])].filter((card) => !card.hasAttribute("hidden"));
    const bottom = Math.max(0, ...cards.map((card) => card.getBoundingClientRect().bottom));
    root.classList.toggle("right-full", !phone.matches && bottom > innerHeight - 210);
  }

  /** What the open panels cover of the map, in pixels from each edge. @returns {Padding} */
  function padding() {
    if (phone.matches) {
      const search = byId("search").getBoundingClientRect();
      const bar = document.querySelector(".tools")?.getBoundingClientRect();
      const tops = [...open].map((name) => panel(name).offsetTop).filter((top) => top > 0);
      const floor = Math.min(bar?.top ?? innerHeight, ...tops);
      return { top: search.bottom + 6, right: 8, bottom: Math.min(innerHeight - floor + 6, innerHeight * 0.72), left: 8 };
    }
    const left = byId("layers").getBoundingClientRect();
    const covered = root.classList.contains("layers-folded") ? 0 : left.right;
    const right = NAMES.some((name) => name !== "layers" && open.has(name));
    const card = right ? (document.querySelector(".column-right")?.getBoundingClientRect().width ?? 0) + 2 * GAP : GAP;
    const tools = document.querySelector(".tools")?.getBoundingClientRect().bottom ?? 0;
    return { top: tools + 4, right: card, bottom: GAP + 12, left: covered + GAP };
  }

  root.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const opener = event.target.closest("[data-opens]");
    if (opener) toggle(/** @type {PanelName} */ (opener.getAttribute("data-opens")));
    const closer = event.target.closest("[data-closes]");
    if (closer) closePanel(/** @type {PanelName} */ (closer.getAttribute("data-closes")));
  });
  fold.addEventListener("click", () => toggle("layers"));
  phone.addEventListener("change", show);
  addEventListener("resize", measure);
  const watcher = new ResizeObserver(() => {
    measure();
    events.dispatchEvent(new Event("change"));
  });
  for (const name of NAMES) watcher.observe(panel(name));
  dragSheets(root);
  if (innerWidth < 920 && !phone.matches) foldLayers(true);
  show();

  return {
    open: openPanel,
    close: closePanel,
    toggle,
    isOpen,
    padding,
    events,
    /** Closes what was opened last of what lies above: details before the coverage under them. */
    closeTop() {
      /** @type {PanelName[]} */
      const order = ["measure", "date", "details", "coverage", "layers"];
      const top = order.find((name) => open.has(name));
      if (top) closePanel(top);
    },
    get onPhone() {
      return phone.matches;
    },
  };
}

/** @typedef {ReturnType<typeof mount>} Panels */

/** A sheet is pulled up by its head to fill the screen, and down again. @param {HTMLElement} root */
function dragSheets(root) {
  /** @type {{ sheet: Element, from: number } | null} */
  let drag = null;
  root.addEventListener("pointerdown", (event) => {
    const head = event.target instanceof Element && !event.target.closest("button") && event.target.closest(".panel > .card-head");
    if (head && head.parentElement) drag = { sheet: head.parentElement, from: event.clientY };
  });
  root.addEventListener("pointerup", (event) => {
    if (drag && event.clientY < drag.from - 24) drag.sheet.classList.add("sheet-tall");
    if (drag && event.clientY > drag.from + 24) drag.sheet.classList.remove("sheet-tall");
    drag = null;
  });
}
