/**
 * The chart of a coverage answer: covered and left out by county. ECharts is fetched when the first chart is drawn.
 *
 * @import { CoverageAnswer } from "../api.js"
 */
import { h } from "../dom.js";
import { formatNumber, formatPercent } from "../logic/format.js";
import { sortRows } from "../logic/sorting.js";
import { lang, text } from "../page-data.js";

/**
 * @param {HTMLElement} holder
 * @param {CoverageAnswer} answer
 * @returns {() => void} takes the chart away
 */
export function drawChart(holder, answer) {
  let ended = false;
  /** @type {import("echarts").ECharts | null} */
  let chart = null;
  const resize = () => chart?.resize();
  const element = h("div", { class: "coverage-chart", role: "img", "aria-label": text("Covered and left out by county") });
  holder.append(element, h("p", { class: "empty" }, h("span", { class: "spinner" })));

  import("echarts").then(
    (echarts) => {
      holder.querySelector(".empty")?.remove();
      if (ended) return;
      chart = echarts.init(element, null, { renderer: "canvas" });
      chart.setOption(/** @type {any} */ (option(answer)));
      addEventListener("resize", resize);
    },
    () => {
      element.remove();
      holder.replaceChildren(h("p", { class: "note note-danger" }, text("The chart could not be loaded.")));
    },
  );
  return () => {
    ended = true;
    removeEventListener("resize", resize);
    chart?.dispose();
  };
}

/** @param {CoverageAnswer} answer */
function option(answer) {
  const style = getComputedStyle(document.documentElement);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const font = style.getPropertyValue("--font").trim();
  const rows = sortRows(answer.counties, (row) => row.weight, false);
  const words = { color: colour("ink-2"), fontFamily: font, fontSize: 12 };
  const compact = new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en-GB", { notation: "compact" });
  const series = (/** @type {string} */ name, /** @type {string} */ fill, /** @type {number[]} */ data) => ({
    name,
    type: "bar",
    stack: "all",
    data,
    barMaxWidth: 14,
    itemStyle: { color: fill },
    emphasis: { disabled: true },
  });
  return {
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200,
    textStyle: { fontFamily: font },
    grid: { top: 30, right: 14, bottom: 4, left: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 10, itemHeight: 10, textStyle: words },
    // The policy of the page forbids the style attributes of HTML tooltips.
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      axisPointer: { type: "shadow", shadowStyle: { color: colour("surface-3"), opacity: 0.5 } },
      backgroundColor: colour("surface"),
      borderColor: colour("line-strong"),
      textStyle: { color: colour("ink-1"), fontFamily: font, fontSize: 12 },
      formatter: (/** @type {{ dataIndex: number }[]} */ [first]) => {
        const row = rows[first?.dataIndex ?? 0];
        if (!row) return "";
        return `${row.name}  ${formatPercent(row.share, lang)} %\n${formatNumber(row.covered, lang)} / ${formatNumber(row.weight, lang)}`;
      },
    },
    xAxis: {
      type: "value",
      axisLabel: { ...words, formatter: (/** @type {number} */ value) => compact.format(value), hideOverlap: true },
      splitLine: { lineStyle: { color: colour("line") } },
    },
    yAxis: {
      type: "category",
      data: rows.map((row) => row.name),
      axisLabel: { ...words, color: colour("ink-1") },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("line-strong") } },
    },
    series: [
      series(text("covered"), colour("map-covered"), rows.map((row) => Math.round(row.covered))),
      series(text("left out"), colour("surface-3"), rows.map((row) => Math.round(row.weight - row.covered))),
    ],
  };
}
