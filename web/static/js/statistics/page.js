/**
 * Charts of the page of statistics. Every figure stands in a table beside: without a script nothing is missing.
 *
 * @import { Titles } from "../api.js"
 */
import * as echarts from "echarts";
import { lang, title } from "../page-data.js";
import { formatNumber } from "../logic/format.js";

/** @typedef {{ key: string, title: Titles, count: number, majors?: number[] }} Count */
/**
 * @typedef {{ total: number, majors: Count[], counties: Count[], periods: Count[],
 *   fields: { title: string, required: boolean, filled: number, unknown: number, empty: number }[],
 *   generics: { generic: string, count: number }[],
 *   findings: { days: string[], severities: Record<string, number[]> } }} Figures
 */

/** @type {Figures} */
const figures = JSON.parse(document.getElementById("figures")?.textContent || "{}");
/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById("words")?.textContent || "{}");
const style = getComputedStyle(document.documentElement);
const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
const font = style.getPropertyValue("--font").trim();
const small = { color: colour("ink-2"), fontFamily: font, fontSize: 12 };
const compact = new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en-GB", { notation: "compact" });
const COLOURS = ["#2f6f73", "#4f9a94", "#d08a3e", "#8a3b2a", "#7b5ea7", "#5b8db8", "#6b6f7a", "#8a7a55", "#b9856b", "#3f7f5f"];

/**
 * @param {string[]} names
 * @param {object[]} series
 * @param {{ upright?: boolean, whole?: number }} [options] names along the bottom; where the axis of values ends
 */
function bars(names, series, { upright = false, whole } = {}) {
  const kinds = { type: "category", data: names, axisLabel: { ...small, color: colour("ink-1"), interval: 0 }, axisTick: { show: false }, axisLine: { lineStyle: { color: colour("line-strong") } }, inverse: !upright };
  const values = { type: "value", axisLabel: { ...small, formatter: (/** @type {number} */ value) => compact.format(value), hideOverlap: true }, splitLine: { lineStyle: { color: colour("line") } }, max: whole };
  return { ...common(series.length > 1), xAxis: upright ? kinds : values, yAxis: upright ? values : kinds, series };
}

/** @param {boolean} legend */
function common(legend) {
  return {
    color: COLOURS,
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
    textStyle: { fontFamily: font },
    grid: { top: legend ? 34 : 8, right: 20, bottom: 4, left: 4, containLabel: true },
    legend: legend ? { type: "scroll", top: 0, left: 0, itemWidth: 10, itemHeight: 10, textStyle: small } : undefined,
    // The policy of the page forbids the style attributes of HTML tooltips.
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      axisPointer: { type: "shadow", shadowStyle: { color: colour("surface-3"), opacity: 0.5 } },
      backgroundColor: colour("surface"),
      borderColor: colour("line-strong"),
      textStyle: { color: colour("ink-1"), fontFamily: font, fontSize: 12 },
      valueFormatter: (/** @type {number} */ value) => formatNumber(value, lang),
    },
  };
}

/**
 * @param {number[]} data
 * @param {{ name?: string, fill?: string, stack?: boolean }} [options]
 */
const bar = (data, { name = "", fill, stack = false } = {}) => ({ type: "bar", name, data, barMaxWidth: 18, stack: stack ? "all" : undefined, itemStyle: fill ? { color: fill } : {}, emphasis: { disabled: true } });

/** @type {Record<string, () => object>} */
const CHARTS = {
  majors: () => bars(figures.majors.map((one) => title(one.title)), [bar(figures.majors.map(({ count }) => count), { fill: COLOURS[0] })]),
  counties: () => bars(figures.counties.map((one) => title(one.title)), figures.majors.map((major, place) => bar(figures.counties.map(({ majors }) => majors?.[place] ?? 0), { name: title(major.title), stack: true }))),
  periods: () => {
    const known = figures.periods.filter(({ key }) => key);
    return bars(known.map((one) => title(one.title)), [bar(known.map(({ count }) => count), { fill: COLOURS[3] })]);
  },
  generics: () => bars(figures.generics.slice(0, 15).map(({ generic }) => generic), [bar(figures.generics.slice(0, 15).map(({ count }) => count), { fill: COLOURS[1] })]),
  fields: () => bars(figures.fields.map((one) => `${one.title}${one.required ? " *" : ""}`), [
    bar(figures.fields.map(({ filled }) => filled), { name: words.filled, fill: colour("map-covered") || COLOURS[1], stack: true }),
    bar(figures.fields.map(({ unknown }) => unknown), { name: words.unknown, fill: COLOURS[2], stack: true }),
    bar(figures.fields.map(({ empty }) => empty), { name: words.empty, fill: colour("surface-3"), stack: true }),
  ], { whole: figures.total }),
  findings: () => ({
    ...bars(figures.findings.days, Object.entries(figures.findings.severities).map(([name, data], place) => ({ type: "line", name: words[name] ?? name, data, symbolSize: 6, lineStyle: { width: 2 }, itemStyle: { color: [colour("danger"), COLOURS[2], COLOURS[5]][place] } })), { upright: true }),
  }),
};

for (const holder of document.querySelectorAll("[data-chart]")) {
  if (!(holder instanceof HTMLElement)) continue;
  const option = CHARTS[holder.dataset.chart ?? ""];
  if (!option) continue;
  const chart = echarts.init(holder, null, { renderer: "canvas" });
  chart.setOption(/** @type {any} */ (option()));
  addEventListener("resize", () => chart.resize());
}
document.documentElement.classList.add("is-ready");
