// The graph of a version's lineage: a column for each kind of step, from the data to the endpoint.

import { COLOURS, type Option } from "../chart";
import { escaped, instant } from "../format";
import type { Lineage, LineageEdge, LineageNode } from "../lineage";
import { theme } from "../theme";

export const STEPS = ["data", "preprocessing", "training", "packing", "scoring", "evaluation", "version", "endpoint"];
const COLUMN = 168; // pixels between two steps
const ROW = 104; // pixels between two nodes of a step
const DOT = 38;
const SIDE = 84; // pixels around the dots, for their names
const LONGEST = 20; // characters of a node's name

/** Return the picture with its width and height in pixels, which must not be stretched. */
export function lineageOption({ nodes, edges }: Lineage): [Option, number, number] {
  const columns = STEPS.map((step) => nodes.filter((node) => node.step === step)).filter((column) => column.length);
  const most = Math.max(...columns.map((column) => column.length));
  const column = new Map(columns.flatMap((each, x) => each.map((node) => [node.id, x])));
  const dark = theme() === "dark";
  const places = columns.flatMap((each, x) => each.map((node, y) => ({ node, x: x * COLUMN, y: height(each, y, x) })));

  // Every second step is a little lower, so that edges which pass a step do not hide behind it.
  function height(each: LineageNode[], y: number, x: number): number {
    return ROW * (y + (most - each.length) / 2) + (x % 2) * (ROW / 3);
  }

  const data = places.map(({ node, x, y }) => ({
    ...{ id: node.id, name: node.id, x, y, node },
    itemStyle: { color: shade(node) },
    label: { formatter: `{step|${node.step}}\n${shortened(node.name)}` },
  }));
  const length = ({ source, target }: LineageEdge) => (column.get(target) ?? 0) - (column.get(source) ?? 0);
  const links = edges.map((edge) => ({ ...edge, lineStyle: { curveness: curveness(length(edge)) } }));
  const above = Math.max(DOT, ...edges.map((edge) => rise(length(edge)) + DOT / 2));
  const option = {
    aria: { enabled: true, decal: { show: false } },
    tooltip: { confine: true, formatter: hint },
    series: [
      {
        ...{ type: "graph", layout: "none", data, links, symbolSize: DOT, cursor: "pointer" },
        ...{ left: SIDE, right: SIDE, top: above, bottom: DOT + 34 },
        edgeSymbol: ["none", "arrow"],
        edgeSymbolSize: 9,
        lineStyle: { color: dark ? "#8A8A92" : "#71717A", width: 1.5, opacity: 1 },
        label: {
          ...{ show: true, position: "bottom", lineHeight: 16, color: dark ? "#F4F4F5" : "#18181B" },
          rich: { step: { color: dark ? "#B4B4BD" : "#52525B", fontSize: 11 } },
        },
        emphasis: { focus: "adjacency", lineStyle: { width: 3 } },
      },
    ],
  };
  // The library makes a range of nothing one of two.
  const range = (values: number[]) => Math.max(...values) - Math.min(...values) || 2;
  const inner = [range(places.map(({ x }) => x)), range(places.map(({ y }) => y))];
  return [option, inner[0]! + 2 * SIDE, inner[1]! + above + DOT + 34];
}

/** Return how far an edge of `length` columns rises above the nodes that it passes. */
function rise(length: number): number {
  return length > 1 ? 36 + 12 * length : 0;
}

/** Return the curveness of an edge; a curve rises by half of it, in lengths of the edge. */
function curveness(length: number): number {
  return length > 1 ? (2 * rise(length)) / (length * COLUMN) : 0;
}

function shade({ step }: LineageNode): string {
  return COLOURS[STEPS.indexOf(step)]!;
}

function shortened(name: string): string {
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}

function hint(point: { dataType: string; data: { node?: LineageNode; label?: string } }): string {
  const { node, label } = point.data;
  if (!node) return escaped(String(label));
  const started = node.started ? `<br>${instant(node.started)}` : "";
  return `<b>${escaped(node.name)}</b><br>${node.step} ${escaped(node.status)}${started}`;
}
