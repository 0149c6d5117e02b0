// Ask a model by the DAG `ask_NAME`, as the user who is logged in, and wait for the run's answer.

import { API, dagsWith, trigger, type Dag, type DagRun } from "./airflow";
import { call } from "./load";

export type Value = string | number | boolean | null;

export interface Column {
  name: string;
  kind: string; // "a number", "a flag", "a category"
  known: string[]; // its values; empty for a number
}

export interface Form {
  dag: Dag;
  example: Record<string, Value>;
  columns: Column[];
}

export interface Answer {
  endpoint: string;
  variant: string | null;
  milliseconds: number;
  status: number;
  answer: string;
}

interface Described {
  description?: string;
  examples?: string[];
}

interface Details {
  params: { record?: { value: Record<string, Value>; schema: { properties?: Record<string, Described> } } };
}

const EVERY = 1000; // milliseconds between two looks at the run
const MOST = 180;

export const dagOf = (model: string) => `ask_${model.replaceAll("-", "_")}`;

/** Return the form of the model's DAG; null if there is none that the user may read. */
export async function formOf(model: string): Promise<Form | null> {
  const dag = (await dagsWith("ask")).find((each) => each.dag_id === dagOf(model));
  if (!dag) return null;
  const details = await call<Details>(`${API}/dags/${encodeURIComponent(dag.dag_id)}/details`);
  const record = details.params.record;
  const columns = Object.entries(record?.schema.properties ?? {}).map(([name, described]) => ({
    name,
    kind: described.description ?? "",
    known: described.examples ?? [],
  }));
  return { dag, example: record?.value ?? {}, columns };
}

export const ask = (dag: string, record: unknown, variant: string | null) => trigger(dag, { record, variant });

/** Return the answer of a run once it has ended; null if it failed, or has no answer after minutes. */
export async function answerOf(run: DagRun): Promise<Answer | null> {
  const url = `${API}/dags/${encodeURIComponent(run.dag_id)}/dagRuns/${encodeURIComponent(run.dag_run_id)}`;
  for (let look = 0; look < MOST; look++) {
    const { state } = await call<DagRun>(url);
    if (state === "failed") return null;
    if (state === "success") {
      const entry = await call<{ value: unknown }>(`${url}/taskInstances/ask/xcomEntries/return_value`);
      return answerIn(entry.value);
    }
    await new Promise((done) => setTimeout(done, EVERY));
  }
  return null;
}

function answerIn(value: unknown): Answer | null {
  const document: unknown = typeof value === "string" ? JSON.parse(value) : value;
  return document && typeof document === "object" && "answer" in document ? (document as Answer) : null;
}
