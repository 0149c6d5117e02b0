// What the trend can show of each window: the distance of a column or of all, or an estimated score.

import type { Cell, Window } from "../drift";

export interface Measure {
  name: string;
  isDistance: boolean;
  values: (window: Window) => (number | null)[] | null; // with what warns and what alerts
}

const cell = (given: Cell | null | undefined) => (given ? [given.distance, given.warn, given.alert] : null);

/** Return the columns, those that moved farthest in any window first. */
export function columnsOf(windows: Window[]): string[] {
  const farthest = new Map<string, number>();
  for (const window of windows) {
    for (const [name, { distance }] of Object.entries(window.columns)) {
      farthest.set(name, Math.max(farthest.get(name) ?? 0, distance));
    }
  }
  return [...farthest].sort(([, left], [, right]) => right - left).map(([name]) => name);
}

/** Return what the windows have values of. */
export function measuresOf(windows: Window[], columns: string[]): Measure[] {
  const measures: Measure[] = columns.map((name) => ({
    name,
    isDistance: true,
    values: (window) => cell(window.columns[name]),
  }));
  if (windows.some((window) => window.joint)) {
    measures.push({ name: "all columns", isDistance: true, values: (window) => cell(window.joint) });
  }
  const score = windows.findLast((window) => window.estimate)?.estimate?.score;
  if (score) {
    measures.push({
      name: `estimated ${score}`,
      isDistance: false,
      values: ({ estimate }) => (estimate?.score === score ? [estimate.value, estimate.warn, estimate.alert] : null),
    });
  }
  return measures;
}
