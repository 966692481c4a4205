/**
 * What comes back: the share, by county as bars and a table, by town as a table, as a chart, and the villages left out.
 *
 * @import { CoverageAnswer, CoverageShare, CoverageTown, Weight } from "../api.js"
 * @import { Register } from "../register.js"
 */
import { button, h, icon } from "../dom.js";
import { uncoveredVillages, villagesBox } from "../logic/coverage.js";
import { formatLength, formatNumber, formatPercent } from "../logic/format.js";
import { coverageAddress } from "../logic/queries.js";
import { sortRows } from "../logic/sorting.js";
import { lang, text, title } from "../page-data.js";
import { swatch } from "../swatch.js";
import { drawChart } from "./chart.js";
import { kindTitles, weightTitle } from "./question.js";

const FIRST_VILLAGES = 100;

/** @typedef {"counties" | "towns" | "chart" | "villages"} Page */
/**
 * @template {CoverageShare} Row
 * @typedef {{ title: string, value: (row: Row) => string | number | null, shown: (row: Row) => string, number: boolean }} Column
 */
/** @typedef {{ column: number, descending: boolean }} Sort */

/**
 * @param {HTMLElement} element
 * @param {{ register: Register, asof: () => string | null, onBox: (box: [number, number, number, number]) => void,
 *           onVillage: (village: { uuid: string, lon: number, lat: number }) => void,
 *           onDownload: (path: string, name: string, event: Event) => void }} options
 */
export function mountAnswer(element, { register, asof, onBox, onVillage, onDownload }) {
  /** @type {CoverageAnswer | null} */
  let answer = null;
  /** @type {Page} */
  let page = "counties";
  /** @type {{ counties: Sort, towns: Sort }} */
  const sorts = { counties: { column: 1, descending: true }, towns: { column: 2, descending: false } };
  let villagesShown = FIRST_VILLAGES;
  /** @type {(() => void) | null} */
  let endChart = null;

  const percent = (/** @type {number | null} */ share) => `${formatPercent(share, lang)} %`;

  /** @param {CoverageAnswer} given */
  function headline({ kinds, distance_m, weight, asof: day, facilities, total }) {
    const parts = [
      kindTitles(register, kinds).join(lang === "zh" ? "、" : ", "),
      text("within %(distance)s", { distance: `${formatNumber(distance_m, lang)} ${lang === "zh" ? "米" : "m"}` }),
      weightTitle(/** @type {Weight} */ (weight)),
      day ?? "",
    ];
    const counted = weight === "villages" ? text("villages covered") : text("people covered");
    const ofAll = text("%(covered)s of %(all)s", { covered: formatNumber(total.covered, lang), all: formatNumber(total.weight, lang) });
    return [
      h("p", { class: "coverage-says" }, parts.filter(Boolean).join("\u00a0· ")),
      h(
        "div",
        {},
        h("p", { class: "figure" }, h("span", { class: "figure-value", id: "coverage-share" }, formatPercent(total.share, lang)), h("span", { class: "figure-unit" }, "%")),
        h("p", { class: "quiet" }, `${counted} · ${ofAll}`),
        h("p", { class: "quiet" }, text("%(count)s facilities · %(villages)s villages left out", { count: formatNumber(facilities, lang), villages: formatNumber(total.villages_uncovered, lang) })),
        total.unknown ? h("p", { class: "quiet" }, text("%(count)s villages have no figure of this kind", { count: formatNumber(total.unknown, lang) })) : null,
      ),
      h(
        "ul",
        { class: "coverage-legend" },
        h("li", {}, swatch("covered"), text("covered village")),
        h("li", {}, swatch("uncovered"), text("village left out")),
      ),
    ];
  }

  /** @param {CoverageAnswer} given */
  function counties({ counties: rows, villages }) {
    const bars = sortRows(rows, (row) => row.share, true).map((row) => {
      const box = villagesBox(villages, row.code);
      return h(
        "div",
        { class: "bar" },
        h("button", { type: "button", onclick: () => box && onBox(box) }, row.name),
        h("span", { class: "bar-value" }, percent(row.share)),
        h("progress", { max: 1, value: row.share ?? 0, "aria-label": row.name }),
      );
    });
    return [...bars, table("counties", countyColumns, rows, villages)];
  }

  /** @type {Column<CoverageShare>[]} */
  const measures = [
    { title: text("Share"), value: (row) => row.share, shown: (row) => percent(row.share), number: true },
    { title: text("Left out"), value: (row) => row.weight - row.covered, shown: (row) => formatNumber(row.weight - row.covered, lang), number: true },
    {
      title: text("Villages"),
      value: (row) => row.villages - row.villages_covered,
      shown: (row) => `${row.villages - row.villages_covered} / ${row.villages}`,
      number: true,
    },
  ];
  /** @type {Column<CoverageShare>[]} */
  const countyColumns = [{ title: text("County"), value: (row) => row.name, shown: (row) => row.name, number: false }, ...measures];
  /** @type {Column<CoverageTown>[]} */
  const townColumns = [
    { title: text("Town"), value: (row) => row.name, shown: (row) => row.name, number: false },
    { title: text("County"), value: (row) => row.county, shown: (row) => row.county, number: false },
    ...measures,
  ];

  /**
   * Divisions by rows that sort by each column; a division's name leads to it.
   *
   * @template {CoverageShare} Row
   * @param {"counties" | "towns"} which
   * @param {Column<Row>[]} columns
   * @param {Row[]} given
   * @param {CoverageAnswer["villages"]} villages
   */
  function table(which, columns, given, villages) {
    const sort = sorts[which];
    const column = columns[sort.column];
    const rows = column ? sortRows(given, column.value, sort.descending) : given;
    const head = columns.map((each, i) =>
      h(
        "th",
        { scope: "col", class: each.number ? "number" : null, "aria-sort": i === sort.column ? (sort.descending ? "descending" : "ascending") : null },
        h(
          "button",
          {
            type: "button",
            class: "sort",
            onclick: () => {
              // the share is looked at from its lowest, what is left out from its highest
              const first = each.number && each.title !== text("Share");
              sorts[which] = { column: i, descending: sort.column === i ? !sort.descending : first };
              draw();
            },
          },
          each.title,
        ),
      ),
    );
    const body = rows.map((row) => {
      const box = villagesBox(villages, row.code);
      const name = h("button", { type: "button", class: "sort", onclick: () => box && onBox(box) }, row.name);
      return h("tr", {}, columns.map((each, i) => h("td", { class: each.number ? "number" : null }, i ? each.shown(row) : name)));
    });
    return h("table", { class: "table", id: `coverage-${which}` }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, body));
  }

  /** @param {CoverageAnswer} given */
  function villages(given) {
    const rows = uncoveredVillages(given.villages);
    if (!rows.length) return [h("p", { class: "empty" }, text("Every village is covered."))];
    const list = rows.slice(0, villagesShown).map((row) => {
      const near = row.nearest === null ? text("none near") : formatLength(row.nearest, lang);
      const people = given.weight === "villages" ? "" : `${formatNumber(row.weight, lang)} · `;
      return h("button", { type: "button", class: "village", onclick: () => onVillage(row) }, h("span", {}, row.name), h("span", {}, people + near));
    });
    const left = rows.length - villagesShown;
    const more = () => {
      villagesShown += 4 * FIRST_VILLAGES;
      draw();
    };
    const head = given.weight === "villages" ? text("Village · distance to the nearest") : text("Village · people · distance to the nearest");
    return [
      h("p", { class: "hint" }, head),
      ...list,
      left > 0 ? button(text("%(count)s more", { count: formatNumber(left, lang) }), { kind: "plain", small: true, onclick: more }) : null,
    ];
  }

  function tabs() {
    const tab = (/** @type {Page} */ key, /** @type {string} */ name, /** @type {string} */ label) =>
      h(
        "button",
        {
          type: "button",
          class: "tab",
          role: "tab",
          id: `coverage-tab-${key}`,
          "aria-selected": String(page === key),
          "aria-controls": "coverage-page",
          tabindex: page === key ? 0 : -1,
          onclick: () => turn(key),
          onkeydown: (event) => arrows(/** @type {KeyboardEvent} */ (event)),
        },
        icon(name),
        label,
      );
    return h(
      "div",
      { class: "tabs", role: "tablist" },
      tab("counties", "list", text("Counties")),
      tab("towns", "table", text("Towns")),
      tab("chart", "chart", text("Chart")),
      tab("villages", "home", text("Left out")),
    );
  }

  /** @param {Page} key */
  function turn(key) {
    page = key;
    villagesShown = FIRST_VILLAGES;
    draw();
  }

  /** @param {KeyboardEvent} event */
  function arrows(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    /** @type {Page[]} */
    const pages = ["counties", "towns", "chart", "villages"];
    turn(pages[(pages.indexOf(page) + by + pages.length) % pages.length] ?? "counties");
    document.getElementById(`coverage-tab-${page}`)?.focus();
  }

  /** @param {CoverageAnswer} given */
  function downloads({ kinds, distance_m, weight }) {
    const question = { kinds, distance: distance_m, weight: /** @type {Weight} */ (weight) };
    const download = (/** @type {string} */ label, /** @type {".xlsx" | ".shp.zip"} */ what) =>
      button(label, { icon: "export", small: true, onclick: (event) => onDownload(coverageAddress(what, question, asof()), `dijie-coverage${what}`, event) });
    return h("div", { class: "actions" }, download(text("Workbook"), ".xlsx"), download(text("Shapefile"), ".shp.zip"));
  }

  function draw() {
    endChart?.();
    endChart = null;
    if (!answer) return;
    const holder = h("div", { class: "coverage-page", id: "coverage-page", role: "tabpanel", "aria-labelledby": `coverage-tab-${page}`, tabindex: 0 });
    element.removeAttribute("aria-busy");
    element.replaceChildren(...headline(answer), downloads(answer), tabs(), holder, h("p", { class: "coverage-method" }, title(answer.method)));
    if (page === "counties") holder.append(...counties(answer));
    if (page === "towns") holder.append(table("towns", townColumns, answer.towns, answer.villages));
    if (page === "villages") holder.append(...villages(answer).filter((each) => each !== null));
    if (page === "chart") endChart = drawChart(holder, answer);
  }

  document.addEventListener("themechange", () => page === "chart" && draw());

  return {
    /** @param {CoverageAnswer | null} given */
    show(given) {
      answer = given;
      if (!given) element.replaceChildren();
      draw();
    },
    wait() {
      element.setAttribute("aria-busy", "true");
      if (!answer) element.replaceChildren(h("p", { class: "empty" }, h("span", { class: "spinner" }), text("Counting …")));
    },
    /** @param {Node} node */
    fault(node) {
      answer = null;
      endChart?.();
      endChart = null;
      element.removeAttribute("aria-busy");
      element.replaceChildren(node);
    },
  };
}
