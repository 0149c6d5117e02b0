// The picture of which version was in production when, with failed deployments marked.

import { COLOURS, type Option } from "../chart";
import { instant } from "../format";
import type { Change, Kind } from "./deployments";

export interface Span {
  version: number;
  from: string;
  to: string | null; // null: until now
  isTest: boolean;
}

const FAILED: Kind[] = ["rolled back", "failed"];
const BAR = 14; // pixels
const DATES = { year: "{yyyy}", month: "{yyyy}-{MM}", day: "{MM}-{dd}", hour: "{HH}:{mm}", minute: "{HH}:{mm}" };
const NAMES = { production: "in production", test: "in a test", rolled: "rolled back", failed: "failed", gone: "deleted" };

/** Return when each version served, oldest first; a version that is deployed again continues. */
export function spansOf(changes: Change[]): Span[] {
  const spans: Span[] = [];
  const open = (isTest: boolean) => spans.findLast((span) => span.isTest === isTest && span.to === null);
  const end = (span: Span | undefined, at: string) => span && (span.to = at);
  for (const { at, kind, version } of changes) {
    if (FAILED.includes(kind)) continue;
    end(open(true), at);
    const isTest = kind === "in a test";
    if (!isTest && version !== null && kind !== "deleted" && open(false)?.version === version) continue;
    if (!isTest) end(open(false), at);
    if (version !== null && kind !== "deleted") spans.push({ version, from: at, to: null, isTest });
  }
  return spans;
}

const name = (version: number | null) => (version === null ? "no version" : `version ${version}`);

export function timelineOption(changes: Change[], now = new Date().toISOString()): Option {
  const spans = spansOf(changes);
  const versions = [...new Set(changes.flatMap(({ version }) => (version === null ? [] : [version])))];
  versions.sort((left, right) => left - right);
  const rows = versions.map(name);
  const bars = (title: string, isTest: boolean, color: string) => ({
    type: "line",
    name: title,
    color,
    symbol: "circle",
    symbolSize: BAR,
    lineStyle: { width: BAR, cap: "butt" },
    connectNulls: false,
    data: spans
      .filter((span) => span.isTest === isTest)
      .flatMap((span) => {
        const row = name(span.version);
        return [[span.from, row, span], [span.to ?? now, row, span], [span.to ?? now, null]];
      }),
  });
  const marks = (title: string, kind: Kind, symbol: string, color: string) => ({
    type: "scatter",
    name: title,
    color,
    symbol,
    symbolSize: 16,
    z: 5,
    data: changes
      .filter((change) => change.kind === kind)
      .map((change) => [change.at, name(change.version ?? servedBefore(spans, change.at)), change]),
  });
  const series = [
    bars(NAMES.production, false, COLOURS[2]!),
    bars(NAMES.test, true, COLOURS[4]!),
    marks(NAMES.rolled, "rolled back", "path://M4 0 10 6 16 0 20 4 14 10 20 16 16 20 10 14 4 20 0 16 6 10 0 4Z", COLOURS[1]!),
    marks(NAMES.failed, "failed", "diamond", COLOURS[5]!),
    marks(NAMES.gone, "deleted", "rect", "#8A8A8A"),
  ].filter(({ data }) => data.length);
  return {
    aria: { enabled: true, decal: { show: false } },
    grid: { left: 84, right: 24, top: 44, bottom: 64 },
    legend: { top: 0, data: series.map((each) => each.name) },
    tooltip: { confine: true, formatter: (point: { data: unknown[] }) => hint(point.data[2]) },
    dataZoom: [{ type: "inside" }, { type: "slider", height: 16, bottom: 12 }],
    xAxis: { type: "time", max: now, axisLabel: { hideOverlap: true, formatter: DATES } },
    yAxis: { type: "category", data: rows, splitLine: { show: true }, axisTick: { show: false } },
    series,
  };
}

/** Return the version that served just before a deletion. */
function servedBefore(spans: Span[], at: string): number | null {
  return spans.findLast((span) => !span.isTest && span.from < at)?.version ?? null;
}

function hint(datum: unknown): string {
  const about = datum as Span | Change;
  if ("from" in about) {
    const to = about.to ? instant(about.to) : "now";
    return `<b>${name(about.version)}</b>${about.isTest ? ", in a test" : ""}<br>${instant(about.from)} to ${to}`;
  }
  return `<b>${name(about.version)}: ${about.kind}</b><br>${instant(about.at)}`;
}
