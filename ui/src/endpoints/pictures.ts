// Options of ECharts for the metrics of an endpoint.

import type { Option } from "../chart";
import type { Activity, EndpointMetrics, Target } from "../endpoint";
import { escaped } from "../format";

const PER_INSTANCE = "SageMakerVariantInvocationsPerInstance";
const MINUTE = 60;
const DASHES = ["solid", "dashed", [12, 4, 2, 4]]; // by variant
const ROOM = 76; // pixels for the label of a target

interface Line {
  metric: string;
  statistic: string;
  name: string;
  dashed?: boolean;
}

export interface Picture {
  title: string;
  unit: string;
  lines: Line[];
  perMinute?: boolean;
}

const percentiles = (metric: string): Line[] =>
  ["p50", "p90", "p99"].map((statistic) => ({ metric, statistic, name: statistic }));

export const PICTURES: Picture[] = [
  {
    title: "Requests per instance and minute",
    unit: "requests",
    perMinute: true,
    lines: [{ metric: "InvocationsPerInstance", statistic: "Sum", name: "per instance" }],
  },
  {
    title: "Requests and errors a minute",
    unit: "requests",
    perMinute: true,
    lines: [
      { metric: "Invocations", statistic: "Sum", name: "requests" },
      { metric: "Invocation4XXErrors", statistic: "Sum", name: "4xx", dashed: true },
      { metric: "Invocation5XXErrors", statistic: "Sum", name: "5xx" },
    ],
  },
  { title: "Latency of the model", unit: "ms", lines: percentiles("ModelLatency") },
  { title: "Overhead of SageMaker", unit: "ms", lines: percentiles("OverheadLatency") },
  {
    title: "CPU, 100 % a core",
    unit: "%",
    lines: [{ metric: "CPUUtilization", statistic: "Average", name: "CPU" }],
  },
  { title: "Memory", unit: "%", lines: [{ metric: "MemoryUtilization", statistic: "Average", name: "memory" }] },
];

export const SCALED = PICTURES[0]!;

/** Return the lines of a picture for each variant; empty if there is no value. */
export function seriesOf(metrics: EndpointMetrics, picture: Picture): object[] {
  const rate = picture.perMinute ? MINUTE / metrics.period : 1;
  const variants = [...new Set(metrics.series.map((series) => series.variant))];
  const several = variants.length > 1;
  return picture.lines.flatMap((line) =>
    metrics.series
      .filter((series) => series.metric === line.metric && series.statistic === line.statistic && series.x.length)
      .map((series) => ({
        type: "line",
        name: several ? `${line.name}, ${series.variant}` : line.name,
        showSymbol: series.x.length === 1,
        lineStyle: { width: 1.5, type: line.dashed ? "dotted" : DASHES[variants.indexOf(series.variant) % DASHES.length] },
        data: withGaps(series.x, series.y, 1000 * metrics.period, rate),
      })),
  );
}

/** Return points, with a gap wherever periods have no value. */
function withGaps(x: number[], y: number[], period: number, rate: number): [number, number | null][] {
  return x.flatMap((at, index): [number, number | null][] => {
    const point: [number, number] = [at, y[index]! * rate];
    const before = x[index - 1];
    return before !== undefined && at - before > 1.5 * period ? [[before + period, null], point] : [point];
  });
}

export function metricsOption(
  metrics: EndpointMetrics,
  picture: Picture,
  targets: Target[],
  activities: Activity[],
): Option {
  const series = seriesOf(metrics, picture);
  const marks = picture === SCALED ? [...targetMarks(targets), ...activityMarks(activities, metrics)] : [];
  const [first, ...others] = series;
  const aimed = targets.filter((target) => target.metric === PER_INSTANCE).map((target) => target.value ?? 0);
  return {
    grid: { left: 56, right: picture === SCALED && aimed.length ? ROOM : 20, top: series.length > 3 ? 56 : 36, bottom: 60 },
    legend: { type: "plain", top: 0, show: series.length > 1 },
    tooltip: {
      trigger: "axis",
      confine: true,
      valueFormatter: (value: unknown) =>
        typeof value === "number" ? `${Number(value.toPrecision(4))} ${picture.unit}` : "–",
    },
    dataZoom: [{ type: "inside" }, { type: "slider", height: 16, bottom: 6 }],
    xAxis: { type: "time", min: metrics.start, max: metrics.end, axisLabel: { hideOverlap: true } },
    yAxis: {
      type: "value",
      min: 0,
      ...(picture === SCALED && aimed.length
        ? { max: (range: { max: number }) => Math.ceil(1.1 * Math.max(range.max, ...aimed)) }
        : {}),
    },
    series: [{ ...first, ...(marks.length ? { markLine: { symbol: "none", data: marks } } : {}) }, ...others],
  };
}

function targetMarks(targets: Target[]): object[] {
  return targets
    .filter((target) => target.value !== null && target.metric === PER_INSTANCE)
    .map((target) => ({
      yAxis: target.value,
      name: `target of ${target.variant}`,
      lineStyle: { type: "dashed", color: "#D55E00", width: 2 },
      label: { formatter: `target ${target.value}`, position: "end", color: "inherit" },
    }));
}

function activityMarks(activities: Activity[], metrics: EndpointMetrics): object[] {
  return activities
    .filter((activity) => activity.started && Date.parse(activity.started) >= metrics.start && !activity.not_scaled.length)
    .map((activity) => ({
      xAxis: Date.parse(activity.started!),
      name: escaped(activity.description),
      lineStyle: { type: "solid", color: "#009E73", width: 1 },
      label: { formatter: wanted(activity), position: "end", color: "inherit" },
      tooltip: { trigger: "item", extraCssText: "white-space: normal; max-width: 24rem", formatter: `${escaped(activity.description)}<br>${escaped(activity.cause)}` },
    }));
}

/** Return the instances that an activity asked for, such as "→ 2". */
function wanted({ description }: Activity): string {
  const count = /to (\d+)\.?$/.exec(description)?.[1];
  return count ? `→ ${count}` : "scaled";
}
