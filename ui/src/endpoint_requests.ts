// The types of an endpoint's running test and captured requests, which a test compares with
// plugins/prodml/studio/endpoints, and their API.

import { call } from "./load";

export interface Judgement {
  metric: string;
  unit: string;
  incumbent: number | null;
  challenger: number | null;
  winner: string;
  decision: string;
}

export interface Contender {
  variant: string;
  model: string;
  requests: number;
  failed: number;
}

export interface RunningTest {
  shadow: boolean;
  config: string;
  began: string | null;
  read_at: string | null;
  hours: number;
  least_hours: number;
  incumbent: Contender;
  challenger: Contender;
  judgements: Judgement[];
}

export type Cell = string | number | boolean | null;

export interface CapturedRequest {
  at: string;
  variant: string;
  inference_id: string;
  test: boolean;
  type: string;
  bytes: number;
  records: number;
  values: Record<string, Cell>;
  hidden: string;
  answer: string;
}

export interface CapturedRequests {
  uri: string;
  requests: CapturedRequest[];
  personal: string[];
  read_bytes: number;
  cut: boolean;
}

const of = (name: string) => `../api/endpoints/${encodeURIComponent(name)}`;

export const readTest = async (name: string) => (await call<{ test: RunningTest | null }>(`${of(name)}/test`)).test;
export const readRequests = async (name: string) =>
  (await call<{ captured: CapturedRequests | null }>(`${of(name)}/requests`)).captured;
