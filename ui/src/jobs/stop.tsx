// Stop a job by failing its task, as the user who clicks.
//
// The task's own end stops its job, so that Airflow does not try it again, as it would if the job
// alone were stopped; and Airflow decides who may do so, by the role that may edit the DAG's tasks.

import { useRef, useState } from "preact/hooks";
import { kindOf, type JobRow } from "../jobs";
import { problemIn, type Problem } from "../load";
import { Failure } from "../shell";
import { fail, taskPage } from "../tasks";

export function Stop({ job, refresh }: { job: JobRow; refresh: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [stopping, stop] = useState(false);
  const [problem, explain] = useState<Problem | null>(null);
  const [sending, send] = useState(false);
  if (!job.task) return <p class="quiet">No task of this Airflow is known to wait for it. Stop it on its page.</p>;
  const confirm = async () => {
    send(true);
    try {
      await fail(job);
      stop(true);
      explain(null);
    } catch (error) {
      explain(problemIn(error));
    }
    send(false);
    dialog.current?.close();
    refresh();
  };
  return (
    <>
      <button type="button" disabled={stopping} onClick={() => dialog.current?.showModal()}>
        Stop …
      </button>
      <dialog ref={dialog} aria-labelledby="stop-job">
        <h2 id="stop-job">Stop this {kindOf(job.kind)} job?</h2>
        <p>
          <code>{job.name}</code>
        </p>
        <p>
          Its task {job.task} of {job.dag} is marked as failed and is not tried again. The job stops as its task ends, or
          by reconcile_jobs within two minutes; what it has used so far is billed. Tasks after it follow their trigger
          rules.
        </p>
        <div class="actions">
          <button type="button" class="primary" disabled={sending} onClick={() => void confirm()}>
            Stop it
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </dialog>
      {problem && <Failure problem={problem} />}
      {stopping && (
        <p role="status">
          <a href={taskPage(job)} target="_top">
            Its task
          </a>{" "}
          is marked as failed. The job stops within two minutes.
        </p>
      )}
    </>
  );
}
