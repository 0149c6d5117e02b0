// What has served a model when: Airflow's tasks that changed it, and the configurations of AWS.

import { byText } from "../format";
import { call } from "../load";
import type { Deployment } from "../endpoint";

const API = "../../api/v2/dags/~/dagRuns/~/taskInstances";
const DELETIONS = ["DeleteEndpointOperator", "DeleteComponentOperator"];
const OPERATORS = ["DeployEndpointOperator", "DeployComponentOperator", "PromoteWinnerOperator", ...DELETIONS];
const SHARED = ["deploy_model", "promote_winner", "endpoints"]; // DAGs that are not of one model
const TESTS = ["ab", "shadow"]; // strategies that start a test

export type Kind = "deployed" | "in a test" | "rolled back" | "failed" | "deleted";

export interface Change {
  at: string;
  kind: Kind;
  version: number | null; // null of a deletion, and of a model without a version
  dag: string;
  run: string;
}

interface Task {
  task_id: string;
  dag_id: string;
  dag_run_id: string;
  map_index: number;
  state: string;
  end_date: string | null;
  operator: string;
  rendered_fields: { endpoint?: string; component?: string | null; model_package_arn?: string; rollout?: string };
}

interface Stored {
  dag_id: string;
  run_id: string;
  task_id: string;
}

/** Return the changes of a model's endpoint or inference component, oldest first. */
export async function readChanges(model: string): Promise<Change[]> {
  const [tasks, rolledBack, configs] = await Promise.all([
    tasksOf(model),
    storedAs("rolled_back"),
    call<Deployment[]>(`../api/models/${encodeURIComponent(model)}/deployments`),
  ]);
  const undone = new Set(rolledBack.map((stored) => key(stored.dag_id, stored.run_id)));
  for (const { state, dag, run } of configs) if (state === "never verified") undone.add(key(dag, run));
  const changes = await Promise.all(tasks.map((task) => changeOf(task, undone)));
  const known = new Set(changes.map(({ dag, run }) => key(dag, run)));
  const others = configs.filter(({ dag, run }) => !known.has(key(dag, run))).flatMap(ofConfig);
  return [...changes, ...others].sort((left, right) => byText(left.at, right.at));
}

const key = (dag: string, run: string) => `${dag} ${run}`;

/** Return the newest hundred tasks that changed what serves the model and have ended. */
async function tasksOf(model: string): Promise<Task[]> {
  const query = new URLSearchParams({
    dag_id_pattern: [model, ...SHARED].join("|"),
    order_by: "-end_date",
    limit: "100",
  });
  for (const operator of OPERATORS) query.append("operator", operator);
  for (const state of ["success", "failed"]) query.append("state", state);
  const { task_instances } = await call<{ task_instances: Task[] }>(`${API}?${query}`);
  return task_instances.filter(({ rendered_fields: { component, endpoint }, end_date }) => (component ?? endpoint) === model && end_date);
}

async function storedAs(name: string): Promise<Stored[]> {
  const url = `${API}/~/xcomEntries?xcom_key=${name}&order_by=-timestamp&limit=100`;
  return (await call<{ xcom_entries: Stored[] }>(url)).xcom_entries;
}

async function changeOf(task: Task, undone: Set<string>): Promise<Change> {
  const { dag_id: dag, dag_run_id: run, operator, state, rendered_fields: fields } = task;
  const change = { at: new Date(task.end_date!).toISOString(), version: numberOf(fields.model_package_arn), dag, run };
  if (state === "failed") return { ...change, kind: undone.has(key(dag, run)) ? "rolled back" : "failed" };
  if (DELETIONS.includes(operator)) return { ...change, kind: "deleted", version: null };
  if (operator === "PromoteWinnerOperator") return { ...change, kind: "deployed", version: await promoted(task) };
  return { ...change, kind: TESTS.includes(fields.rollout ?? "") ? "in a test" : "deployed" };
}

/** Return the version that a test's end has left; null if its result is not stored any more. */
async function promoted({ dag_id, dag_run_id, task_id }: Task): Promise<number | null> {
  const path = [dag_id, "dagRuns", dag_run_id, "taskInstances", task_id].map(encodeURIComponent).join("/");
  const url = `../../api/v2/dags/${path}/xcomEntries/return_value?deserialize=true`;
  try {
    return numberOf((await call<{ value: { model_package_arn?: string } }>(url)).value.model_package_arn);
  } catch {
    return null;
  }
}

function numberOf(arn: string | undefined): number | null {
  const number = Number(arn?.split("/").pop() || NaN);
  return Number.isInteger(number) ? number : null;
}

/** Return the change that a configuration shows, of a run that Airflow does not know. */
function ofConfig({ created, version, state, dag, run }: Deployment): Change[] {
  if (!created || state === "in progress") return [];
  const kind = state === "never verified" ? "rolled back" : "deployed";
  return [{ at: new Date(created).toISOString(), kind, version, dag, run }];
}
