// The types of plugins/prodml/studio/endpoints, and their API.

import { call } from "./load";

export interface Summary {
  name: string;
  status: string;
  created: string | null;
  modified: string | null;
  dag: string;
  run: string;
}

export interface Variant {
  name: string;
  shadow: boolean;
  weight: number;
  desired_weight: number;
  instances: number;
  desired: number;
  instance_type: string;
  serverless: boolean;
  model: string;
  image: string;
  status: string;
  usd_per_hour: number | null;
}

export interface Target {
  variant: string;
  least: number;
  most: number;
  suspended: boolean;
  policy: string;
  kind: string;
  metric: string;
  value: number | null;
}

export interface Activity {
  variant: string;
  started: string | null;
  ended: string | null;
  status: string;
  description: string;
  cause: string;
  not_scaled: string[];
}

export interface Scaling {
  targets: Target[];
  activities: Activity[];
  alarms: string[];
}

export interface Alarm {
  name: string;
  use: string;
  state: string;
  reason: string;
  since: string | null;
  metric: string;
  statistic: string;
  comparison: string;
  threshold: number | null;
}

export interface Deployment {
  config: string;
  version: number | null;
  created: string | null;
  verified: string | null;
  state: string;
  dag: string;
  run: string;
}

export interface Deployments {
  strategy: string;
  rollback_alarms: string[];
  history: Deployment[];
}

export interface Capture {
  enabled: boolean;
  percent: number;
  uri: string;
}

export interface Endpoint {
  name: string;
  status: string;
  failure: string;
  config: string;
  created: string | null;
  modified: string | null;
  variants: Variant[];
  usd_per_hour: number | null;
  scaling: Scaling;
  alarms: Alarm[];
  deployments: Deployments;
  capture: Capture | null;
}

export interface Series {
  variant: string;
  metric: string;
  statistic: string;
  unit: string;
  x: number[];
  y: number[];
}

export interface EndpointMetrics {
  start: number;
  end: number;
  period: number;
  series: Series[];
}

const API = "../api/endpoints";

export const readEndpoints = () => call<Summary[]>(API);
export const readEndpoint = (name: string) => call<Endpoint>(`${API}/${encodeURIComponent(name)}`);

export function readMetrics(name: string, variants: string[], hours: string): Promise<EndpointMetrics> {
  const query = new URLSearchParams({ hours });
  for (const variant of variants) query.append("variant", variant);
  return call<EndpointMetrics>(`${API}/${encodeURIComponent(name)}/metrics?${query}`);
}
