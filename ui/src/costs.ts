// The types of plugins/prodml/studio/costs, and their API.

import { call } from "./load";

export interface CostRow {
  day: string;
  pipeline: string;
  dag: string;
  kind: string;
  usd: number;
}

export interface Billing {
  kind: string;
  name: string;
  pipeline: string;
  dag: string;
  run: string;
  since: string | null;
  instances: number;
  instance_types: string[];
  usd_per_hour: number | null;
  usd: number | null;
}

export interface RunCost {
  dag: string;
  run: string;
  pipeline: string;
  created: string | null;
  jobs: number;
  running: number;
  usd: number;
  usd_at_most: number | null;
}

export interface Costs {
  read_at: string;
  start: string;
  since: string;
  prices_as_of: string;
  unpriced: string[];
  unread: number;
  rows: CostRow[];
  billing: Billing[];
  runs: RunCost[];
}

export interface MonthCost {
  usd: number;
  jobs_usd: number;
  endpoints_usd: number;
}

export interface MonthToDate {
  start: string;
  since: string;
  pipelines: Record<string, MonthCost>;
  unpriced: string[];
}

export const readCosts = (days: string) => call<Costs>(`../api/costs?days=${days}`);

/** Return what each pipeline has cost this month, for the cards of models. */
export const readMonth = () => call<MonthToDate>("../api/models/costs");
