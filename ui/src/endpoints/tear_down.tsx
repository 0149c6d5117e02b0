// Delete an endpoint by the DAG that does so, as the user who clicks.

import { useRef, useState } from "preact/hooks";
import { dagsWith, runPage, trigger, type Dag, type DagRun } from "../airflow";
import { problemIn, type Problem } from "../load";
import { Failure } from "../shell";

const ANY = "tear_down_endpoints";

/** Return the DAG that deletes this endpoint alone, or else the one for all; null if the user may read neither. */
async function dagFor(endpoint: string): Promise<Dag | null> {
  const dags = await dagsWith("destructive");
  const named = (name: string) => dags.find((dag) => dag.dag_id === name);
  return named(`tear_down_${endpoint.replaceAll("-", "_")}`) ?? named(ANY) ?? null;
}

export function TearDown({ endpoint, hourly }: { endpoint: string; hourly: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [run, started] = useState<DagRun | null>(null);
  const [problem, fail] = useState<Problem | null>(null);
  const [sending, send] = useState(false);
  const [dag, choose] = useState<Dag | null | undefined>();
  const open = () => {
    dialog.current?.showModal();
    dagFor(endpoint).then(choose, (error: unknown) => {
      fail(problemIn(error));
      dialog.current?.close();
    });
  };
  const remove = async ({ dag_id }: Dag) => {
    send(true);
    try {
      started(await trigger(dag_id, { confirm: true, ...(dag_id === ANY ? { endpoints: [endpoint] } : {}) }));
      fail(null);
    } catch (error) {
      fail(problemIn(error));
    }
    send(false);
    dialog.current?.close();
  };
  return (
    <>
      <button type="button" onClick={open}>
        Tear down …
      </button>
      <dialog ref={dialog} aria-labelledby="tear-down">
        <h2 id="tear-down">Delete endpoint {endpoint}?</h2>
        <p>
          The DAG {dag?.dag_id ?? ANY} deletes the endpoint, its configurations, models, scaling and alarms. Callers get errors from
          then on. Data, experiments and registered versions stay.
          {hourly !== "–" && ` It costs ${hourly} an hour now.`}
        </p>
        {dag === null && <p class="bad">You may not read a DAG that deletes it. Ask for a role that may trigger {ANY}.</p>}
        {dag?.is_paused && <p class="warn">{dag.dag_id} is paused: nothing is deleted until it is unpaused in Airflow.</p>}
        <div class="actions">
          <button type="button" class="primary" disabled={sending || !dag} onClick={() => dag && void remove(dag)}>
            Delete it
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </dialog>
      {problem && <Failure problem={problem} />}
      {run && (
        <p role="status">
          <a href={runPage(run.dag_id, run.dag_run_id)} target="_top">
            A run of {run.dag_id}
          </a>{" "}
          was started.
        </p>
      )}
    </>
  );
}
