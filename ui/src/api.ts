// The types of plugins/prodml/studio/contracts.py, which a test compares with these, and its API.

import { call } from "./load";

export interface VersionCard {
  version: number;
  created: string;
  approval: string;
  reason: string;
  by: string;
  decided: string | null;
  scores: Record<string, number>;
  judged_by: string | null;
  window_start: string | null;
  window_end: string | null;
  rows: number | null;
  trial: string | null;
  dag: string | null;
  run: string | null;
  leaderboard: string | null;
}

export interface Traffic {
  minutes: number;
  requests: number;
  errors: number;
  latency_ms: number | null;
}

export interface EndpointCard {
  name: string;
  component: string | null;
  status: string;
  reason: string | null;
  since: string;
  version: number | null;
  instances: number;
  copies: number | null;
  variants: number;
  traffic: Traffic;
}

export interface ModelCard {
  name: string;
  pinned: number | null;
  versions: VersionCard[];
  endpoint: EndpointCard | null;
}

export interface Models {
  read_at: string;
  models: ModelCard[];
  truncated: boolean;
}

export const readModels = () => call<Models>("../api/models");

/** Return the score that decides between versions, or the first one. */
export function deciding(model: ModelCard): string | undefined {
  return model.versions.find((version) => version.judged_by)?.judged_by ?? scoresOf(model)[0];
}

/** Return the names of all scores of a model's versions. */
export function scoresOf(model: ModelCard): string[] {
  return [...new Set(model.versions.flatMap((version) => Object.keys(version.scores)))];
}
