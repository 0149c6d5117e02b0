// Task instances and their results, through Airflow's API as the user who is logged in.

import { call } from "./load";

const API = "../../api/v2/dags";

export interface TaskInstance {
  dag: string;
  run: string;
  task: string;
  map_index: number;
}

const path = (...parts: (string | number)[]) => parts.map(encodeURIComponent).join("/");

/** Return the address of a task instance in Airflow's own pages, to open in the whole window. */
export function taskPage({ dag, run, task, map_index }: TaskInstance): string {
  const mapped = map_index < 0 ? "" : `/mapped/${map_index}`;
  return `../../dags/${path(dag, "runs", run, "tasks", task)}${mapped}`;
}

/** Mark a task instance as failed: Airflow ends it, and does not try it again. */
export function fail({ dag, run, task, map_index }: TaskInstance): Promise<unknown> {
  const url = `${API}/${path(dag, "dagRuns", run, "taskInstances", task, map_index)}`;
  return call(url, "PATCH", { new_state: "failed" });
}

const BUDGET = "check_budget"; // ends the id of the task that computes a run's bound
const read = new Map<string, number | null>(); // results of tasks never change

interface Entry {
  dag_id: string;
  run_id: string;
  task_id: string;
}

/** Return the bounds that runs computed before their first job, by `dag run`; a few calls of Airflow. */
export async function bounds(runs: { dag: string; run: string }[]): Promise<Map<string, number>> {
  const wanted = runs.map(({ dag, run }) => `${dag} ${run}`);
  if (wanted.some((key) => !read.has(key))) await readBounds(new Set(wanted));
  return new Map(wanted.flatMap((key): [string, number][] => (read.get(key) != null ? [[key, read.get(key)!]] : [])));
}

async function readBounds(wanted: Set<string>): Promise<void> {
  const query = new URLSearchParams({
    xcom_key: "return_value",
    task_id_pattern: BUDGET,
    order_by: "-timestamp",
    limit: "100",
  });
  const all = `${API}/${path("~", "dagRuns", "~", "taskInstances", "~", "xcomEntries")}?${query}`;
  const { xcom_entries } = await call<{ xcom_entries: Entry[] }>(all);
  const missing = xcom_entries.filter((entry) => {
    const key = `${entry.dag_id} ${entry.run_id}`;
    return wanted.has(key) && !read.has(key);
  });
  await Promise.all(
    missing.map(async ({ dag_id, run_id, task_id }) => {
      const url = `${API}/${path(dag_id, "dagRuns", run_id, "taskInstances", task_id, "xcomEntries", "return_value")}`;
      const { value } = await call<{ value: unknown }>(`${url}?deserialize=true`);
      const budget = (typeof value === "string" ? JSON.parse(value) : value) as { usd_at_most?: number } | null;
      read.set(`${dag_id} ${run_id}`, budget?.usd_at_most ?? null);
    }),
  );
}
