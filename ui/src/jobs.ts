// The types of plugins/prodml/studio/jobs, and their API.

import { call } from "./load";

export interface JobRow {
  kind: string;
  name: string;
  status: string;
  progress: string;
  message: string;
  running: boolean;
  pipeline: string;
  dag: string;
  run: string;
  task: string;
  map_index: number;
  created: string | null;
  started: string | null;
  ended: string | null;
  seconds: number;
  limit_seconds: number | null;
  instance_type: string;
  instances: number;
  spot: boolean;
  usd: number | null;
  usd_at_most: number | null;
  page: string;
}

export interface JobList {
  start: string;
  since: string;
  jobs: JobRow[];
}

/** Return the jobs of a DAG, a run or a task, as far as they are known. */
export const readJobsOf = (owner: Record<string, string>) =>
  call<JobList>(`../api/jobs?${new URLSearchParams({ days: "90", ...owner })}`);

export const readJobs = (days: string) => call<JobList>(`../api/jobs?days=${days}`);

const WORDS: Record<string, string> = {
  TrainingJob: "training",
  ProcessingJob: "processing",
  TransformJob: "transform",
  HyperParameterTuningJob: "tuning",
  AutoMLJob: "AutoML",
};

/** Return the word for a kind of resource, such as "training" for TrainingJob. */
export function kindOf(noun: string): string {
  return WORDS[noun] ?? noun.replace(/Job.*$/, "").toLowerCase();
}
