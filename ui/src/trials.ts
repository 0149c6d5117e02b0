// The types of plugins/prodml/studio/experiments and of its job logs, and their API.

import { call } from "./load";

export interface Experiment {
  name: string;
  created: string | null;
  modified: string | null;
}

export type Statistic = "last" | "min" | "max" | "avg";

export interface Trial {
  name: string;
  trial: string;
  job: string;
  arn: string;
  status: string;
  progress: string;
  reason: string;
  usable: boolean;
  created: string | null;
  seconds: number | null;
  instance_type: string;
  instances: number;
  parameters: Record<string, number | string>;
  metrics: Record<string, Partial<Record<Statistic, number>>>;
  data: Record<string, string>;
  code: string;
  model: string;
}

export interface Curve {
  job: string;
  metric: string;
  unit: string;
  x: number[];
  y: (number | null)[];
}

export interface LogLine {
  at: number;
  text: string;
}

export interface LogPage {
  lines: LogLine[];
  tokens: Record<string, string>;
  instances: number;
}

const API = "../api";
export const MOST_CURVES = 20;

export const readExperiments = () => call<Experiment[]>(`${API}/experiments`);

/** Return the trials of an experiment, the newest first; all of them, or the newest `most`. */
export function readTrials(experiment: string, most?: number): Promise<Trial[]> {
  const limit = most ? `?most=${most}` : "";
  return call<Trial[]>(`${API}/experiments/${encodeURIComponent(experiment)}/trials${limit}`);
}

/** Return the address that leads to an object or a folder of S3: in AWS's console, or in the embedded AWS. */
export const objectPage = (uri: string) => `${API}/object?${new URLSearchParams({ uri })}`;

export function readCurves(trials: Trial[], metric: string): Promise<Curve[]> {
  const query = new URLSearchParams({ metric });
  for (const trial of trials) {
    query.append("arn", trial.arn);
    query.append("job", trial.job);
  }
  return call<Curve[]>(`${API}/curves?${query}`);
}

/** Return the end of a job's log, or what was written since the page with `tokens`. */
export function readLog(kind: string, job: string, tokens: Record<string, string>): Promise<LogPage> {
  const query = new URLSearchParams();
  for (const [stream, token] of Object.entries(tokens)) {
    query.append("stream", stream);
    query.append("token", token);
  }
  return call<LogPage>(`${API}/log/${kind}/${encodeURIComponent(job)}?${query}`);
}
