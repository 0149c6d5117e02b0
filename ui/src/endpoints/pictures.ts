// Options of ECharts for the metrics of an endpoint's variants, or of its inference components.

import type { Option } from "../chart";
import type { Activity, EndpointMetrics, Target } from "../endpoint";
import { escaped } from "../format";

const AIMS = ["SageMakerVariantInvocationsPerInstance", "SageMakerInferenceComponentInvocationsPerCopy"];
const MINUTE = 60;
const DASHES = ["solid", "dashed", [12, 4, 2, 4]]; // by variant or component
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
  isScaled?: boolean; // what target tracking keeps near its target
}

const percentiles = (metric: string): Line[] =>
  ["p50", "p90", "p99"].map((statistic) => ({ metric, statistic, name: statistic }));

const REQUESTS: Line[] = [
  { metric: "Invocations", statistic: "Sum", name: "requests" },
  { metric: "Invocation4XXErrors", statistic: "Sum", name: "4xx", dashed: true },
  { metric: "Invocation5XXErrors", statistic: "Sum", name: "5xx" },
];
const LATENCIES: Picture[] = [
  { title: "Latency of the model", unit: "ms", lines: percentiles("ModelLatency") },
  { title: "Overhead of SageMaker", unit: "ms", lines: percentiles("OverheadLatency") },
];

const scaled = (title: string, metric: string, name: string): Picture => ({
  title,
  unit: "requests",
  perMinute: true,
  isScaled: true,
  lines: [{ metric, statistic: "Sum", name }],
});
const requests = (...lines: Line[]): Picture => ({ title: "Requests and errors a minute", unit: "requests", perMinute: true, lines });
const share = (title: string, metric: string, name: string): Picture => ({
  title,
  unit: "%",
  lines: [{ metric, statistic: "Average", name }],
});

const OF_VARIANTS: Picture[] = [
  scaled("Requests per instance and minute", "InvocationsPerInstance", "per instance"),
  requests(...REQUESTS),
  ...LATENCIES,
  share("CPU, 100 % a core", "CPUUtilization", "CPU"),
  share("Memory", "MemoryUtilization", "memory"),
];

const OF_COMPONENTS: Picture[] = [
  scaled("Requests per copy and minute", "InvocationsPerCopy", "per copy"),
  requests(...REQUESTS, { metric: "NoCapacityInvocationFailures", statistic: "Sum", name: "without a copy" }),
  ...LATENCIES,
  share("CPU of a copy, of its instance", "CPUUtilizationNormalized", "CPU"),
  share("Memory of a copy, of its instance", "MemoryUtilizationNormalized", "memory"),
];

export const picturesOf = (hasComponents: boolean) => (hasComponents ? OF_COMPONENTS : OF_VARIANTS);

/** Return the lines of a picture for each variant or component; empty if there is no value. */
export function seriesOf(metrics: EndpointMetrics, picture: Picture): object[] {
  const rate = picture.perMinute ? MINUTE / metrics.period : 1;
  const served = [...new Set(metrics.series.map((series) => series.served))];
  const several = served.length > 1;
  return picture.lines.flatMap((line) =>
    metrics.series
      .filter((series) => series.metric === line.metric && series.statistic === line.statistic && series.x.length)
      .map((series) => ({
        type: "line",
        name: several ? `${line.name}, ${series.served}` : line.name,
        showSymbol: series.x.length === 1,
        lineStyle: { width: 1.5, type: line.dashed ? "dotted" : DASHES[served.indexOf(series.served) % DASHES.length] },
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
  const marks = picture.isScaled ? [...targetMarks(targets), ...activityMarks(activities, metrics)] : [];
  const [first, ...others] = series;
  const aimed = targets.filter((target) => AIMS.includes(target.metric)).map((target) => target.value ?? 0);
  return {
    grid: { left: 56, right: picture.isScaled && aimed.length ? ROOM : 20, top: series.length > 3 ? 56 : 36, bottom: 60 },
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
      ...(picture.isScaled && aimed.length
        ? { max: (range: { max: number }) => Math.ceil(1.1 * Math.max(range.max, ...aimed)) }
        : {}),
    },
    series: [{ ...first, ...(marks.length ? { markLine: { symbol: "none", data: marks } } : {}) }, ...others],
  };
}

function targetMarks(targets: Target[]): object[] {
  return targets
    .filter((target) => target.value !== null && AIMS.includes(target.metric))
    .map((target) => ({
      yAxis: target.value,
      name: `target of ${target.scaled}`,
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

/** Return the instances or copies that an activity asked for, such as "→ 2". */
function wanted({ description }: Activity): string {
  const count = /to (\d+)\.?$/.exec(description)?.[1];
  return count ? `→ ${count}` : "scaled";
}
