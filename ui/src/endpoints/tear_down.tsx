// Delete an endpoint by the DAG that does so, as the user who clicks.

import { useRef, useState } from "preact/hooks";
import { runPage, trigger, type DagRun } from "../airflow";
import { problemIn, type Problem } from "../load";
import { Failure } from "../shell";

const DAG = "tear_down_endpoints";

export function TearDown({ endpoint, hourly }: { endpoint: string; hourly: string }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [run, started] = useState<DagRun | null>(null);
  const [problem, fail] = useState<Problem | null>(null);
  const [sending, send] = useState(false);
  const remove = async () => {
    send(true);
    try {
      started(await trigger(DAG, { endpoints: [endpoint], confirm: true }));
      fail(null);
    } catch (error) {
      fail(problemIn(error));
    }
    send(false);
    dialog.current?.close();
  };
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        Tear down …
      </button>
      <dialog ref={dialog} aria-labelledby="tear-down">
        <h2 id="tear-down">Delete endpoint {endpoint}?</h2>
        <p>
          The DAG {DAG} deletes the endpoint, its configurations, models, scaling and alarms. Callers get errors from then
          on. Data, experiments and registered versions stay.
          {hourly !== "–" && ` It costs ${hourly} an hour now.`}
        </p>
        <div class="actions">
          <button type="button" class="primary" disabled={sending} onClick={() => void remove()}>
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
