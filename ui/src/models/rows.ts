// What the page of models shows: a row for every retraining DAG and for every registered model.

import { dagsWith, questions, runsOf, type Dag, type DagRun, type Question } from "../airflow";
import type { ModelCard, Models } from "../api";
import type { Loaded } from "../load";

const RETRAIN = "retrain_";

export interface Row {
  name: string;
  model: ModelCard | undefined;
  asked: Question[];
  retrains: Retrains | null; // null until Airflow has answered
}

export interface Retrains {
  dag: Dag | undefined;
  runs: DagRun[];
}

/** What Airflow knows of the models. */
export interface Known {
  dags: Dag[];
  runs: DagRun[];
  asked: Question[];
}

/** Read what Airflow knows, which takes longer than a summary of AWS. */
export async function readKnown(): Promise<Known> {
  const asking = questions();
  const dags = await dagsWith("retraining");
  const [asked, runs] = await Promise.all([asking, runsOf(dags.map((dag) => dag.dag_id))]);
  return { dags, runs, asked };
}

/** Return the rows by name, as far as AWS and Airflow have answered. */
export function rowsOf({ models }: Models, loaded: Loaded<Known>): Row[] {
  const known = loaded.state === "ready" ? loaded.data : null;
  const dags = known?.dags ?? [];
  const names = new Set([
    ...models.map((model) => model.name),
    ...dags.map((dag) => dag.dag_id.replace(RETRAIN, "")),
  ]);
  return [...names].sort().map((name): Row => {
    const id = RETRAIN + name;
    return {
      name,
      model: models.find((model) => model.name === name),
      asked: known?.asked.filter((question) => isAbout(question, name)) ?? [],
      retrains: known && {
        dag: dags.find((dag) => dag.dag_id === id),
        runs: known.runs.filter((run) => run.dag_id === id),
      },
    };
  });
}

/** Return whether a required action is one of the DAGs that register versions of a model. */
export function isAbout(question: Question, model: string): boolean {
  return [RETRAIN, "tune_"].some((verb) => question.task_instance.dag_id === verb + model);
}
