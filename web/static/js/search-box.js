/**
 * The search box: suggestions while typing, by keyboard or pointer.
 *
 * @import { LayerInfo, SearchAnswer, SearchItem } from "./api.js"
 */
import { byId, h } from "./dom.js";
import { askJson, faultText, isAbort } from "./fetching.js";
import { formatNumber } from "./logic/format.js";
import { highlight } from "./logic/highlight.js";
import { address } from "./logic/queries.js";
import { lang, text, title } from "./page-data.js";
import { swatch } from "./swatch.js";

const LIMIT = 12;

/**
 * @param {HTMLElement} element
 * @param {{ centre: () => { lng: number, lat: number }, asof: () => string | null, layer: (key: string) => LayerInfo | undefined,
 *           onChoose: (item: SearchItem) => void }} options
 */
export function mount(element, { centre, asof, layer, onChoose }) {
  const input = byId("search-input", HTMLInputElement);
  const list = byId("suggestions");
  const clear = byId("search-clear");
  const busy = byId("search-busy");
  const key = byId("search-key");
  /** @type {SearchItem[]} */
  let items = [];
  let active = -1;
  /** The query that the items answer. */
  let answered = "";
  /** Whether Enter was pressed before the answer came. */
  let hurried = false;
  /** Whether a question is under way; what is typed meanwhile is asked when it has ended. */
  let asking = false;
  /** @type {string | null} */
  let waiting = null;
  let abort = new AbortController();

  /**
   * The first letter is asked at once and later ones as fast as the server answers: no wait is added to a fast one, and
   * a slow one has never more than one question.
   *
   * @param {string} query
   */
  async function askNext(query) {
    if (asking) {
      waiting = query;
      return;
    }
    asking = true;
    await ask(query);
    asking = false;
    const next = waiting;
    waiting = null;
    if (next !== null) await askNext(next);
  }

  function forget() {
    waiting = null;
    abort.abort();
  }

  /** @param {boolean} open */
  function setOpen(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) setActive(-1);
  }

  /** @param {number} index */
  function setActive(index) {
    active = index;
    const options = list.querySelectorAll("[role=option]");
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === index)));
    const option = options[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }

  function enter() {
    const query = input.value.trim();
    if (query === answered) return choose(Math.max(active, 0));
    hurried = query !== "";
    if (!hurried) return;
    forget(); // of what is under way: the answer to all that was typed is wanted, and taken
    ask(query);
  }

  function drawEnd() {
    clear.hidden = input.value === "";
    key.hidden = input.value !== "" || document.activeElement === input;
  }

  /** @param {string} query */
  async function ask(query) {
    abort.abort();
    abort = new AbortController();
    const { signal } = abort;
    const slow = setTimeout(() => (busy.hidden = false), 250);
    const { lng, lat } = centre();
    try {
      /** @type {SearchAnswer} */
      const answer = await askJson(
        address("/api/search", { q: query, limit: LIMIT, lon: lng.toFixed(3), lat: lat.toFixed(3), asof: asof() }),
        { signal },
      );
      draw(answer, query);
      answered = query;
      if (hurried) choose(0);
      hurried = false;
    } catch (error) {
      if (!isAbort(error)) message(faultText(error));
    } finally {
      clearTimeout(slow);
      if (!signal.aborted) busy.hidden = true;
    }
  }

  /** @param {string} words */
  function message(words) {
    items = [];
    list.replaceChildren(h("p", { class: "suggestions-foot" }, words));
    setOpen(true);
  }

  /** @param {SearchAnswer} answer @param {string} query */
  function draw(answer, query) {
    if (!answer.items.length) {
      message(text("Nothing is called “%(query)s”. Try fewer characters, pinyin or initials.", { query }));
      return;
    }
    // Grouped by layer in the order in which the layers first appear, so that the best hit stays first.
    const layers = [...new Set(answer.items.map((item) => item.layer))];
    items = layers.flatMap((name) => answer.items.filter((item) => item.layer === name));
    /** @type {Node[]} */
    const nodes = [];
    let group = "";
    items.forEach((item, i) => {
      if (item.layer !== group) {
        group = item.layer;
        nodes.push(h("div", { class: "suggestion-group", role: "presentation" }, title(layer(group)?.title) || group));
      }
      nodes.push(option(item, i, query));
    });
    if (answer.total > items.length) {
      const left = formatNumber(answer.total - items.length, lang);
      nodes.push(h("p", { class: "suggestions-foot" }, text("%(count)s more: type on to narrow the search", { count: left })));
    }
    list.replaceChildren(...nodes);
    list.scrollTop = 0;
    setOpen(true);
    setActive(0);
  }

  /** @param {SearchItem} item @param {number} i @param {string} query */
  function option(item, i, query) {
    const where = [item.tolerant ? text("similar") : "", item.matched && item.matched !== item.name ? text("also %(name)s", { name: item.matched }) : "", item.roman ?? "", title(item.where)];
    return h(
      "div",
      {
        class: "suggestion",
        role: "option",
        id: `suggestion-${i}`,
        "aria-selected": "false",
        onpointerdown: (event) => event.preventDefault(),
        onclick: () => choose(i),
        onpointermove: () => active !== i && setActive(i),
      },
      swatch(item.layer, classOf(item)),
      h("span", { class: "suggestion-name" }, marked(item.name, query)),
      h("span", { class: "suggestion-kind" }, title(item.kind) === title(layer(item.layer)?.title) ? "" : title(item.kind)),
      h("span", { class: "suggestion-more" }, marked([...new Set(where.filter(Boolean))].join(" · "), query)),
    );
  }

  /** @param {SearchItem} item the class whose title the item bears */
  function classOf(item) {
    return layer(item.layer)?.classes.find((each) => each.title.zh === item.kind.zh)?.key;
  }

  /** @param {number} index */
  function choose(index) {
    const item = items[index];
    if (!item) return;
    forget();
    input.value = item.name;
    answered = item.name;
    setOpen(false);
    input.blur();
    drawEnd();
    onChoose(item);
  }

  input.addEventListener("input", () => {
    drawEnd();
    hurried = false;
    const query = input.value.trim();
    if (!query) {
      forget();
      busy.hidden = true;
      items = [];
      setOpen(false);
      return;
    }
    askNext(query);
  });
  input.addEventListener("focus", () => {
    drawEnd();
    input.select();
    if (items.length) setOpen(true);
  });
  input.addEventListener("blur", () => {
    drawEnd();
    setOpen(false);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = items.length - 1;
    if (event.key === "ArrowDown" && items.length) {
      if (list.hidden) setOpen(true);
      setActive(active >= last ? 0 : active + 1);
    } else if (event.key === "ArrowUp" && items.length) setActive(active <= 0 ? last : active - 1);
    else if (event.key === "Home" && !list.hidden && event.ctrlKey) setActive(0);
    else if (event.key === "Enter") enter();
    else if (event.key === "Escape") {
      if (!list.hidden) setOpen(false);
      else if (input.value) empty();
      else input.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  clear.addEventListener("pointerdown", (event) => event.preventDefault());
  clear.addEventListener("click", () => {
    empty();
    input.focus();
  });

  function empty() {
    input.value = "";
    input.dispatchEvent(new Event("input"));
  }
  element.addEventListener("submit", (event) => event.preventDefault());
  drawEnd();

  return { focus: () => input.focus() };
}

/** @param {string} words @param {string} query */
function marked(words, query) {
  return highlight(words, query).map(({ text: piece, hit }) => (hit ? h("mark", {}, piece) : piece));
}
