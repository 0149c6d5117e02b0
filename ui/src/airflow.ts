// Airflow's own API, called as the user who is logged in: what it refuses, the page refuses too.
//
// The browser sends Airflow's session cookie, which is SameSite=Lax, and bodies are JSON: another
// site can send neither.

import { call } from "./load";

export const API = "../../api/v2";

export interface Dag {
  dag_id: string;
  is_paused: boolean;
  next_dagrun_run_after: string | null;
  tags: { name: string }[];
}

export interface DagRun {
  dag_id: string;
  dag_run_id: string;
  state: string;
  run_after: string;
  note: string | null;
}

export interface Question {
  subject: string;
  body: string | null;
  options: string[];
  task_instance: { dag_id: string; dag_run_id: string; task_id: string; map_index: number };
}

/** Return the DAGs with a tag that the user may read. */
export async function dagsWith(tag: string): Promise<Dag[]> {
  const query = new URLSearchParams({ tags: tag, limit: "100", order_by: "dag_id" });
  return (await call<{ dags: Dag[] }>(`${API}/dags?${query}`)).dags;
}

/** Return the newest runs of `dags`, of all together. */
export async function runsOf(dags: string[]): Promise<DagRun[]> {
  if (!dags.length) return [];
  const body = { dag_ids: dags, order_by: "-run_after", page_limit: 100 };
  const url = `${API}/dags/~/dagRuns/list`;
  return (await call<{ dag_runs: DagRun[] }>(url, "POST", body)).dag_runs;
}

/** Return the questions that wait for an answer, which Airflow calls required actions. */
export async function questions(): Promise<Question[]> {
  const url = `${API}/dags/~/dagRuns/~/hitlDetails?response_received=false&limit=100`;
  return (await call<{ hitl_details: Question[] }>(url)).hitl_details;
}

export function answer(question: Question, option: string): Promise<unknown> {
  const { dag_id, dag_run_id, task_id, map_index } = question.task_instance;
  const path = [dag_id, "dagRuns", dag_run_id, "taskInstances", task_id, map_index];
  const url = `${API}/dags/${path.map(encodeURIComponent).join("/")}/hitlDetails`;
  return call(url, "PATCH", { chosen_options: [option], params_input: {} });
}

export function trigger(dag: string, conf: Record<string, unknown>): Promise<DagRun> {
  const url = `${API}/dags/${encodeURIComponent(dag)}/dagRuns`;
  return call<DagRun>(url, "POST", { logical_date: null, conf });
}

/** Return the address of a DAG in Airflow's own pages, to open in the whole window. */
export function dagPage(dag: string): string {
  return `../../dags/${encodeURIComponent(dag)}`;
}

/** Return the address of a run in Airflow's own pages, to open in the whole window. */
export function runPage(dag: string, run: string): string {
  return `../../dags/${encodeURIComponent(dag)}/runs/${encodeURIComponent(run)}`;
}

/** Return the address of the report that a task of a run has left. */
export function reportPage(dag: string, run: string, task: string): string {
  return `../reports/${[dag, run, task, "-1"].map(encodeURIComponent).join("/")}`;
}
