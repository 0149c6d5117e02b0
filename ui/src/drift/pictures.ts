// Options of ECharts for the history of drift checks.

import type { Option } from "../chart";
import type { Window } from "../drift";
import { escaped } from "../experiments/pictures";
import { theme } from "../theme";

const VERDICT = "verdict of the window";
const QUALITY = "model quality";
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

/** Return the columns, those that moved farthest in any window first. */
export function columnsOf(windows: Window[]): string[] {
  const farthest = new Map<string, number>();
  for (const window of windows) {
    for (const [name, cell] of Object.entries(window.columns)) {
      farthest.set(name, Math.max(farthest.get(name) ?? 0, cell.distance));
    }
  }
  return [...farthest].sort(([, left], [, right]) => right - left).map(([name]) => name);
}

/** Return the distance in thresholds: 1 warns, 2 alerts; null without thresholds. */
export function severity(cell: { distance: number; warn: number | null; alert: number | null }): number | null {
  const { distance, warn, alert } = cell;
  if (!warn || !alert) return null;
  return distance <= warn ? distance / warn : 1 + (distance - warn) / (alert - warn || warn);
}

export function heatOption(windows: Window[], columns: string[]): Option {
  const rows = [...columns].reverse();
  const cells = windows.flatMap((window, x) =>
    rows.flatMap((name, y) => {
      const cell = window.columns[name];
      const value = cell ? severity(cell) : null;
      return value === null ? [] : [[x, y + 1, value]];
    }),
  );
  const place = (outcome: string) => (OUTCOMES.includes(outcome) ? OUTCOMES.indexOf(outcome) : UNJUDGED);
  const status = windows.flatMap((window, x) => [
    [x, rows.length + 1, place(window.outcome)],
    ...(window.model_quality ? [[x, 0, place(window.model_quality)]] : []),
  ]);
  return {
    aria: { enabled: true, decal: { show: false } },
    grid: { left: 170, right: 16, top: 8, bottom: 28 },
    tooltip: { confine: true, formatter: (point: { value: number[] }) => hint(windows, rows, point.value) },
    xAxis: { type: "category", data: windows.map((window) => hour(window.end)), axisLabel: { hideOverlap: true } },
    yAxis: {
      type: "category",
      data: [QUALITY, ...rows, VERDICT],
      axisLabel: { interval: 0, width: 160, overflow: "truncate" },
    },
    visualMap: [
      { type: "piecewise", show: false, seriesIndex: 0, pieces: shades(theme() === "dark") },
      { type: "piecewise", show: false, seriesIndex: 1, pieces: OUTCOME_SHADES },
    ],
    series: [
      { type: "heatmap", name: "columns", data: cells, itemStyle: { borderWidth: 1, borderColor: "transparent" } },
      { type: "heatmap", name: "windows", data: status },
    ],
  };
}

function hint(windows: Window[], rows: string[], [x, y]: number[]): string {
  const window = windows[x ?? 0]!;
  const head = `<b>${hour(window.start)} to ${hour(window.end)} UTC</b><br>`;
  if (y === 0) return `${head}${QUALITY}: ${window.model_quality} ${escaped(window.worse_metrics.join(", "))}`;
  if (y === rows.length + 1) return `${head}${window.outcome}, ${window.rows} rows<br>${escaped(window.reason)}`;
  const name = rows[y! - 1]!;
  const cell = window.columns[name]!;
  return `${head}${escaped(name)}: ${cell.distance.toFixed(3)}<br>warns at ${cell.warn}, alerts at ${cell.alert}`;
}

export function trendOption(windows: Window[], column: string): Option {
  const line = (name: string, value: (window: Window) => number | null | undefined, style: object) => ({
    type: "line",
    name,
    data: windows.map((window) => [window.end, value(window) ?? null]),
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
    yAxis: { type: "value", min: 0 },
    series: [
      line(column, (window) => window.columns[column]?.distance, { symbolSize: 6 }),
      line("warns", (window) => window.columns[column]?.warn, threshold("#E69F00")),
      line("alerts", (window) => window.columns[column]?.alert, threshold("#D55E00")),
    ],
  };
}
