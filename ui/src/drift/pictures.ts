// Options of ECharts for the history of drift checks.

import type { Option } from "../chart";
import type { Cell, Window } from "../drift";
import { escaped } from "../format";
import { theme } from "../theme";
import type { Measure } from "./measures";

const OUTCOMES = ["OK", "WARN", "ALERT", "NO_DATA", "INSUFFICIENT_DATA", "NOT_COMPARABLE", "FAILED"];
const COLOURS = ["#9CCFC0", "#E69F00", "#D55E00", "#BDBDBD", "#9E9E9E", "#CC79A7", "#5C5C5C"];
export const OUTCOME_SHADES = OUTCOMES.map((label, value) => ({ value, label, color: COLOURS[value]! }));
const UNJUDGED = 7; // a place after all outcomes, which is not drawn
// How far a column has moved, in thresholds of a warning.
export const shades = (dark: boolean) => [
  { max: 0.5, label: "below half of the warning", color: dark ? "#1D2B38" : "#E3EEF6" },
  { min: 0.5, max: 1, label: "below the warning", color: dark ? "#31597A" : "#A6CBE3" },
  { min: 1, max: 2, label: "warns", color: "#E69F00" },
  { min: 2, label: "alerts", color: "#D55E00" },
];

export const hour = (time: string) => time.slice(5, 16).replace("T", " ");

/** Return the distance in thresholds: 1 warns, 2 alerts; null without thresholds. */
export function severity(cell: Cell): number | null {
  const { distance, warn, alert } = cell;
  if (!warn || !alert) return null;
  return distance <= warn ? distance / warn : 1 + (distance - warn) / (alert - warn || warn);
}

/** A row of the heat map: the value of a window, null where it has none, and the lines of its hint. */
interface Row {
  name: string;
  verdict: boolean;
  value: (window: Window) => number | null;
  hint: (window: Window) => string[];
}

const place = (outcome: string) => (OUTCOMES.includes(outcome) ? OUTCOMES.indexOf(outcome) : UNJUDGED);

function verdictRow(name: string, outcome: (window: Window) => string, hint: Row["hint"]): Row {
  return { name, verdict: true, value: (window) => (outcome(window) ? place(outcome(window)) : null), hint };
}

function cellRow(name: string, cell: (window: Window) => Cell | null | undefined): Row {
  return {
    name,
    verdict: false,
    value: (window) => (cell(window) ? severity(cell(window)!) : null),
    hint: (window) => {
      const { distance, warn, alert } = cell(window)!;
      return [`${name}: ${distance.toFixed(3)}`, `warns at ${warn}, alerts at ${alert}`];
    },
  };
}

/** Return the rows from top to bottom; rows of a kind that no window has are left out. */
function rowsOf(windows: Window[], columns: string[]): Row[] {
  const rows = [
    verdictRow("verdict of the window", (window) => window.outcome, (window) => [
      `${window.outcome}, ${window.rows} rows`,
      window.reason,
    ]),
    cellRow("all columns", (window) => window.joint),
    ...columns.map((name) => cellRow(name, (window) => window.columns[name])),
    verdictRow("model quality", (window) => window.model_quality, (window) => [
      `model quality: ${window.model_quality} ${window.worse_metrics.join(", ")}`,
    ]),
    verdictRow("estimated score", (window) => window.estimate?.status ?? "", estimated),
  ];
  return rows.filter((row, at) => at === 0 || windows.some((window) => row.value(window) !== null));
}

function estimated(window: Window): string[] {
  const { score, value, expected, status } = window.estimate!;
  return [`estimated ${score}: ${value}, ${status}`, `expected ${expected}, without labels`];
}

/** Return the picture, and its number of rows. */
export function heatOption(windows: Window[], columns: string[]): [Option, number] {
  const rows = rowsOf(windows, columns).reverse(); // the axis begins at the bottom
  const cells = (verdict: boolean) =>
    windows.flatMap((window, x) =>
      rows.flatMap((row, y) => {
        const value = row.verdict === verdict ? row.value(window) : null;
        return value === null ? [] : [[x, y, value]];
      }),
    );
  const hint = ([x, y]: number[]) => {
    const window = windows[x!]!;
    const time = `<b>${escaped(`${hour(window.start)} to ${hour(window.end)} UTC`)}</b>`;
    return [time, ...rows[y!]!.hint(window).map(escaped)].join("<br>");
  };
  const option = {
    aria: { enabled: true, decal: { show: false } },
    grid: { left: 170, right: 16, top: 8, bottom: 28 },
    tooltip: { confine: true, formatter: (point: { value: number[] }) => hint(point.value) },
    xAxis: { type: "category", data: windows.map((window) => hour(window.end)), axisLabel: { hideOverlap: true } },
    yAxis: {
      type: "category",
      data: rows.map((row) => row.name),
      axisLabel: { interval: 0, width: 160, overflow: "truncate" },
    },
    visualMap: [
      { type: "piecewise", show: false, seriesIndex: 0, pieces: shades(theme() === "dark") },
      { type: "piecewise", show: false, seriesIndex: 1, pieces: OUTCOME_SHADES },
    ],
    series: [
      { type: "heatmap", name: "columns", data: cells(false), itemStyle: { borderWidth: 1, borderColor: "transparent" } },
      { type: "heatmap", name: "windows", data: cells(true) },
    ],
  };
  return [option, rows.length];
}

export function trendOption(windows: Window[], measure: Measure): Option {
  const line = (name: string, at: number, style: object) => ({
    type: "line",
    name,
    data: windows.map((window) => [window.end, measure.values(window)?.[at] ?? null]),
    ...style,
  });
  const threshold = (color: string) => ({ step: "end", showSymbol: false, color, lineStyle: { type: "dashed" } });
  return {
    grid: { left: 56, right: 16, top: 40, bottom: 60 },
    legend: { top: 0 },
    tooltip: {
      trigger: "axis",
      confine: true,
      valueFormatter: (value: unknown) => (typeof value === "number" ? value.toFixed(3) : "–"),
    },
    dataZoom: [{ type: "inside" }, { type: "slider", height: 16, bottom: 6 }],
    xAxis: { type: "time", axisLabel: { hideOverlap: true } },
    yAxis: { type: "value", ...(measure.isDistance ? { min: 0 } : { scale: true }) },
    series: [
      line(measure.name, 0, { symbolSize: 6 }),
      line("warns", 1, threshold("#E69F00")),
      line("alerts", 2, threshold("#D55E00")),
    ],
  };
}
