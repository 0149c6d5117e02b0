// Options of ECharts for costs.

import type { Option } from "../chart";
import type { CostRow, RunCost } from "../costs";
import { money } from "../format";

const MOST = 7; // series that have a colour of their own; the others are one
const OTHERS = "others";
const DAY = 86_400_000;

export type By = "pipeline" | "dag" | "kind";
export const DIMENSIONS: Record<By, string> = { pipeline: "Pipeline", dag: "DAG", kind: "Kind" };

/** Return the sums of `rows` by one of their members, the largest first. */
export function totals(rows: CostRow[], by: By): [string, number][] {
  const sums = new Map<string, number>();
  for (const row of rows) sums.set(row[by], (sums.get(row[by]) ?? 0) + row.usd);
  return [...sums].sort(([, left], [, right]) => right - left);
}

/** Return every day from `start` until the last one, as ISO dates. */
function daysFrom(start: string, last: string): string[] {
  const first = Date.parse(start);
  const number = Math.max(1, Math.floor((Date.parse(last) - first) / DAY) + 1);
  return Array.from({ length: number }, (_, index) => new Date(first + index * DAY).toISOString().slice(0, 10));
}

export function daysOption(rows: CostRow[], by: By, start: string, end: string, title: (name: string) => string): Option {
  const days = daysFrom(start, end);
  const names = totals(rows, by).map(([name]) => name);
  const own = names.slice(0, names.length > MOST ? MOST - 1 : MOST);
  const sums = new Map<string, number>();
  for (const row of rows) {
    const key = `${own.includes(row[by]) ? row[by] : OTHERS} ${row.day}`;
    sums.set(key, (sums.get(key) ?? 0) + row.usd);
  }
  return {
    grid: { left: 72, right: 20, top: 56, bottom: 64 },
    legend: { type: "plain", top: 0 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, valueFormatter: amount },
    dataZoom: [{ type: "inside" }, { type: "slider", height: 16, bottom: 6 }],
    xAxis: { type: "category", data: days, axisLabel: { hideOverlap: true, formatter: (each: string) => each.slice(5) } },
    yAxis: { type: "value", name: "USD a day", min: 0 },
    series: [...own, ...(own.length < names.length ? [OTHERS] : [])].map((name) => ({
      type: "bar",
      stack: "cost",
      name: name === OTHERS ? OTHERS : title(name),
      barMaxWidth: 40,
      data: days.map((each) => sums.get(`${name} ${each}`) ?? 0),
    })),
  };
}

export function runsOption(runs: RunCost[], bound: (run: RunCost) => number | null): Option {
  const names = runs.map((run) => `${run.dag}\n${(run.created ?? "").slice(5, 16).replace("T", " ")}`);
  return {
    grid: { left: 72, right: 20, top: 48, bottom: 76 },
    legend: { type: "plain", top: 0 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true, valueFormatter: amount },
    dataZoom: [{ type: "inside" }, { type: "slider", height: 16, bottom: 6 }],
    xAxis: { type: "category", data: names, axisLabel: { hideOverlap: true, lineHeight: 15 } },
    yAxis: { type: "value", name: "USD a run", min: 0 },
    series: [
      { type: "bar", name: "actual", barMaxWidth: 40, data: runs.map((run) => run.usd) },
      {
        type: "scatter",
        name: "bound",
        symbol: "diamond",
        symbolSize: 12,
        data: runs.map((run) => bound(run)),
      },
    ],
  };
}

function amount(value: unknown): string {
  return typeof value === "number" ? money(value) : "–";
}
