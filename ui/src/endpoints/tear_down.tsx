// Delete an endpoint by the DAG that does so, as the user who clicks.

import { useState } from "preact/hooks";
import { dagsWith, runPage, trigger, type Dag } from "../airflow";
import { Confirm } from "../confirm";

const ANY = "tear_down_endpoints";

/**
 * Return the DAG that deletes this endpoint alone, or else the one for all; null if the user may read neither.
 * The DAG of a pipeline leaves an endpoint with components of others.
 */
async function dagFor(endpoint: string, isShared: boolean): Promise<Dag | null> {
  const dags = await dagsWith("destructive");
  const named = (name: string) => dags.find((dag) => dag.dag_id === name);
  return (isShared ? undefined : named(`tear_down_${endpoint.replaceAll("-", "_")}`)) ?? named(ANY) ?? null;
}

export function TearDown({ endpoint, components, hourly }: { endpoint: string; components: string[]; hourly: string }) {
  const isShared = components.some((component) => component !== endpoint);
  const [dag, choose] = useState<Dag | null | undefined>();
  const id = dag?.dag_id ?? ANY;
  return (
    <Confirm
      opener="Tear down …"
      title={`Delete endpoint ${endpoint}?`}
      verb="Delete it"
      prepare={() => dagFor(endpoint, isShared).then(choose)}
      mayAct={Boolean(dag)}
      act={() => trigger(id, { confirm: true, ...(id === ANY ? { endpoints: [endpoint] } : {}) })}
      done={(run) => (
        <>
          <a href={runPage(run.dag_id, run.dag_run_id)} target="_top">
            A run of {run.dag_id}
          </a>{" "}
          was started.
        </>
      )}
    >
      <p>
        The DAG {id} deletes the endpoint{components.length > 0 && ` with the inference components ${components.join(", ")}`}, its
        configurations, models, scaling and alarms. Callers get errors from then
        on. Data, experiments and registered versions stay.
        {hourly !== "–" && ` It costs ${hourly} an hour now.`}
      </p>
      {dag === null && <p class="bad">You may not read a DAG that deletes it. Ask for a role that may trigger {ANY}.</p>}
      {dag?.is_paused && <p class="warn">{dag.dag_id} is paused: nothing is deleted until it is unpaused in Airflow.</p>}
    </Confirm>
  );
}
