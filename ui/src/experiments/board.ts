// What the leaderboard does with trials: filter, rank, export.

import { byText } from "../format";
import type { Column } from "../table";
import type { Statistic, Trial } from "../trials";

const LOWER_IS_BETTER = /loss|error|rmse|mae|mse|mape/i;

export function metricsOf(trials: Trial[]): string[] {
  const names = new Set(trials.flatMap((trial) => Object.keys(trial.metrics)));
  const rank = (name: string) => (name.startsWith("validation") ? 0 : name.startsWith("test") ? 1 : 2);
  return [...names].sort((left, right) => rank(left) - rank(right) || byText(left, right));
}

export function parametersOf(trials: Trial[]): string[] {
  return [...new Set(trials.flatMap((trial) => Object.keys(trial.parameters)))].sort();
}

/** Return the parameters that have more than one value among `trials`. */
export function differing(trials: Trial[]): string[] {
  return parametersOf(trials).filter((name) => new Set(trials.map((trial) => trial.parameters[name])).size > 1);
}

export function isLowerBetter(metric: string): boolean {
  return LOWER_IS_BETTER.test(metric);
}

/** Return a value by its name: a metric, a parameter, or the seconds of a trial. */
export function valueOf(trial: Trial, name: string, statistic: Statistic): number | string | null {
  if (name === "seconds") return trial.seconds;
  return trial.metrics[name]?.[statistic] ?? trial.parameters[name] ?? null;
}

const CONDITION = /^(.+?)(<=|>=|<|>|=)(.+)$/;

/** Return the trials that fit all words of `text`: parts of names, or conditions such as eta<0.1. */
export function filtered(trials: Trial[], text: string, statistic: Statistic): Trial[] {
  const words = text.trim().split(/\s+/).filter(Boolean);
  return trials.filter((trial) => words.every((word) => fits(trial, word, statistic)));
}

function fits(trial: Trial, word: string, statistic: Statistic): boolean {
  const condition = CONDITION.exec(word);
  const value = condition && valueOf(trial, condition[1]!, statistic);
  if (condition && value !== null) return holds(value, condition[2]!, condition[3]!);
  if (condition) return false;
  const texts = [trial.name, trial.job, trial.status, ...Object.values(trial.parameters).map(String)];
  return texts.some((each) => each.toLowerCase().includes(word.toLowerCase()));
}

function holds(value: number | string, operator: string, text: string): boolean {
  if (operator === "=") return String(value) === text || Number(value) === Number(text);
  const difference = Number(value) - Number(text);
  if (Number.isNaN(difference)) return false;
  if (operator === "<") return difference < 0;
  if (operator === ">") return difference > 0;
  return operator === "<=" ? difference <= 0 : difference >= 0;
}

/** Return the trials as CSV, with a line of titles. */
export function asCsv(trials: Trial[], columns: Column<Trial>[]): string {
  const lines = [columns.map((column) => column.title), ...trials.map((trial) => columns.map((c) => c.value(trial)))];
  return lines.map((line) => line.map(csvCell).join(",")).join("\n") + "\n";
}

function csvCell(cell: number | string | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell; // no formula for a spreadsheet
  return /[",\n\r]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Return an exponential moving average, corrected for its start; `weight` is 0 for none. */
export function smoothed(values: (number | null)[], weight: number): (number | null)[] {
  let sum = 0;
  let seen = 0;
  return values.map((value) => {
    if (value === null) return null;
    sum = weight * sum + (1 - weight) * value;
    seen += 1;
    return sum / (1 - weight ** seen);
  });
}
