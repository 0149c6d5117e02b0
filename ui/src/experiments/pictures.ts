// Options of ECharts for trials.

import type { Option } from "../chart";
import { escaped } from "../format";
import type { Curve, Statistic, Trial } from "../trials";
import { differing, smoothed, valueOf } from "./board";

const MOST_AXES = 7;
// A scale that gets lighter evenly, for all kinds of colour vision.
const SCALE = ["#0D0887", "#7E03A8", "#CC4778", "#F89540", "#F0F921"];

const short = (value: unknown) =>
  typeof value === "number" ? String(Number(value.toPrecision(5))) : value == null ? "–" : String(value);

export function curvesOption(props: {
  curves: Curve[];
  metric: string;
  weight: number;
  names: Map<string, string>;
}): Option {
  const { curves, metric, weight, names } = props;
  const unit = curves[0]?.unit ?? "iteration";
  return {
    grid: { left: 64, right: 16, top: 48, bottom: 72 },
    legend: { type: "plain", top: 0, show: curves.length <= 6 },
    tooltip: { trigger: "axis", valueFormatter: short, confine: true },
    dataZoom: [{ type: "inside" }, { type: "slider", height: 18, bottom: 8 }],
    xAxis: { type: "value", name: `${unit}s`, nameLocation: "middle", nameGap: 24, min: "dataMin", max: "dataMax" },
    yAxis: { type: "value", name: metric, scale: true },
    series: curves.map((curve) => ({
      type: "line",
      name: names.get(curve.job) ?? curve.job,
      showSymbol: curve.x.length === 1,
      data: smoothed(curve.y, weight).map((value, index) => [curve.x[index], value]),
    })),
  };
}

export function scatterOption(
  trials: Trial[],
  x: string,
  y: string,
  statistic: Statistic,
  chosen: Set<string>,
): Option {
  const points = trials
    .map((trial) => ({ trial, value: [valueOf(trial, x, statistic), valueOf(trial, y, statistic)] }))
    .filter(({ value }) => value[0] !== null && value[1] !== null);
  const kind = (index: number) =>
    points.every(({ value }) => typeof value[index] === "number") ? "value" : "category";
  const part = (is: boolean) =>
    points
      .filter(({ trial }) => chosen.has(trial.job) === is)
      .map(({ trial, value }) => ({ name: `${trial.name} (${trial.job})`, value }));
  return {
    grid: { left: 64, right: 24, top: 40, bottom: 56 },
    legend: { show: chosen.size > 0, top: 0 },
    tooltip: {
      confine: true,
      formatter: (point: { name: string; value: unknown[] }) =>
        `${escaped(point.name)}<br>${escaped(x)} ${short(point.value[0])}<br>${escaped(y)} ${short(point.value[1])}`,
    },
    xAxis: { type: kind(0), name: x, nameLocation: "middle", nameGap: 28, scale: true },
    yAxis: { type: kind(1), name: y, scale: true },
    series: [
      { type: "scatter", name: "trials", symbolSize: 7, data: part(false), itemStyle: { opacity: 0.7 } },
      { type: "scatter", name: "chosen", symbol: "diamond", symbolSize: 13, data: part(true) },
    ],
  };
}

export function parallelOption(trials: Trial[], metric: string, statistic: Statistic): Option {
  const measured = trials.filter((trial) => trial.metrics[metric]?.[statistic] !== undefined);
  const names = [...differing(measured).slice(0, MOST_AXES), metric];
  const lines = measured.map((trial) => names.map((name) => valueOf(trial, name, statistic)));
  const values = lines.map((line) => line.at(-1) as number);
  const isNumeric = (index: number) => lines.every((line) => typeof line[index] === "number");
  return {
    parallel: { left: 32, right: 72, top: 40, bottom: 24, parallelAxisDefault: { nameTextStyle: { fontSize: 11 } } },
    parallelAxis: names.map((name, dim) => ({
      dim,
      name,
      ...(isNumeric(dim) ? { type: "value", scale: true } : { type: "category" }),
    })),
    visualMap: {
      type: "continuous",
      dimension: names.length - 1,
      min: Math.min(...values, Infinity),
      max: Math.max(...values, -Infinity),
      inRange: { color: SCALE },
      right: 0,
      top: "middle",
      itemHeight: 120,
      calculable: false,
      formatter: short,
    },
    series: [{ type: "parallel", lineStyle: { width: 1.2, opacity: 0.5 }, data: lines, progressive: 0 }],
  };
}
