// The score by which the versions of a model are compared, one version for each retrain.

import { type ModelCard } from "../api";
import type { Option } from "../chart";
import { score } from "../format";

/** Return the picture of a score by version, oldest first; a rejected version is an empty circle. */
export function trend(model: ModelCard, name: string): Option {
  const points = [...model.versions].reverse().map((version) => ({
    value: [`v${version.version}`, version.scores[name] ?? null],
    symbol: version.approval === "Rejected" ? "emptyCircle" : "circle",
  }));
  return {
    grid: { left: 48, right: 12, top: 12, bottom: 24 },
    tooltip: {
      trigger: "axis",
      valueFormatter: (value: unknown) => (typeof value === "number" ? score(value) : "–"),
    },
    xAxis: { type: "category" },
    yAxis: { type: "value", scale: true, splitNumber: 3, axisLabel: { formatter: (value: number) => value.toFixed(3) } },
    series: [{ type: "line", name, data: points, symbolSize: 8 }],
  };
}
