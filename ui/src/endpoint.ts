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

export interface Component {
  name: string;
  variant: string;
  status: string;
  failure: string;
  model: string;
  version: number | null;
  copies: number;
  desired: number;
  memory_mb: number;
  cpus: number;
  accelerators: number;
  modified: string | null;
}

export interface Target {
  scaled: string;
  least: number;
  most: number;
  suspended: boolean;
  policy: string;
  kind: string;
  metric: string;
  value: number | null;
}

export interface Activity {
  scaled: string;
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
  components: Component[];
  usd_per_hour: number | null;
  scaling: Scaling;
  alarms: Alarm[];
  deployments: Deployments;
  capture: Capture | null;
}

export interface Series {
  served: string;
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

/** Read the metrics of an endpoint's variants, or of its inference components if it has some. */
export function readMetrics(name: string, served: string[], hours: string, ofComponents: boolean): Promise<EndpointMetrics> {
  const query = new URLSearchParams({ hours });
  for (const each of served) query.append(ofComponents ? "component" : "variant", each);
  return call<EndpointMetrics>(`${API}/${encodeURIComponent(name)}/${ofComponents ? "components/" : ""}metrics?${query}`);
}
