// What the page of models shows: a row for every retraining DAG and for every registered model.

import { dagsWith, questions, runsOf, type Dag, type DagRun, type Question } from "../airflow";
import { readModels, type ModelCard } from "../api";

const RETRAIN = "retrain_";

export interface Row {
  name: string;
  model: ModelCard | undefined;
  dag: Dag | undefined;
  runs: DagRun[];
  asked: Question[];
}

export interface Rows {
  rows: Row[];
  readAt: string;
  truncated: boolean;
}

/** Return the rows by name. */
export async function loadRows(): Promise<Rows> {
  const [models, dags, asked] = await Promise.all([readModels(), dagsWith("retraining"), questions()]);
  const runs = await runsOf(dags.map((dag) => dag.dag_id));
  const names = new Set([
    ...models.models.map((model) => model.name),
    ...dags.map((dag) => dag.dag_id.replace(RETRAIN, "")),
  ]);
  const rows = [...names].sort().map((name): Row => {
    const id = RETRAIN + name;
    return {
      name,
      model: models.models.find((model) => model.name === name),
      dag: dags.find((dag) => dag.dag_id === id),
      runs: runs.filter((run) => run.dag_id === id),
      asked: asked.filter((question) => isAbout(question, name)),
    };
  });
  return { rows, readAt: models.read_at, truncated: models.truncated };
}

/** Return whether a required action is one of the DAGs that register versions of a model. */
export function isAbout(question: Question, model: string): boolean {
  return [RETRAIN, "tune_"].some((verb) => question.task_instance.dag_id === verb + model);
}
