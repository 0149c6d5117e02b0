// The types of plugins/prodml/studio/drift.py, and its API.

import { call } from "./load";

export interface Watched {
  pipeline: string;
  endpoint: string;
}

export interface Cell {
  distance: number;
  warn: number | null;
  alert: number | null;
}

export interface Estimate {
  score: string;
  value: number;
  status: string;
  expected: number | null;
  warn: number | null;
  alert: number | null;
}

export interface Window {
  stamp: string;
  start: string;
  end: string;
  outcome: string;
  rows: number;
  reason: string;
  action: string;
  why: string;
  model: string;
  drift: string;
  data_quality: string;
  model_quality: string;
  worse_metrics: string[];
  prediction_drift: string[];
  alerting: string[];
  has_report: boolean;
  columns: Record<string, Cell>;
  joint: Cell | null;
  estimate: Estimate | null;
}

/** The class of the style sheet for the outcome of a window. */
export const OUTCOME_CLASSES: Record<string, string> = { OK: "good", WARN: "warn", ALERT: "bad", FAILED: "bad" };

const API = "../api/drift";
const folder = ({ pipeline, endpoint }: Watched) =>
  `${API}/${encodeURIComponent(pipeline)}/${encodeURIComponent(endpoint)}`;

/** Return the endpoints that are checked, all of them or the first `most`. */
export const readHistories = (most?: number) => call<Watched[]>(most ? `${API}?most=${most}` : API);

export function readWindows(watched: Watched, most: string): Promise<Window[]> {
  return call<Window[]>(`${folder(watched)}?most=${most}`);
}

export function reportPage(watched: Watched, window: Window): string {
  return `${folder(watched)}/${window.stamp}/report`;
}

// The type of plugins/prodml/studio/drift_states.py, and its API.
export interface DriftState {
  model: string;
  outcome: string;
  end: string;
  alerting: string[];
  action: string;
  why: string;
}

export const readDriftStates = () => call<DriftState[]>("../api/models/drift");
