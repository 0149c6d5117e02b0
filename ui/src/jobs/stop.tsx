// Stop a job by failing its task, as the user who clicks.
//
// The task's own end stops its job, so that Airflow does not try it again, as it would if the job
// alone were stopped; and Airflow decides who may do so, by the role that may edit the DAG's tasks.

import { Confirm } from "../confirm";
import { kindOf, type JobRow } from "../jobs";
import { fail, taskPage } from "../tasks";

export function Stop({ job, refresh }: { job: JobRow; refresh: () => void }) {
  if (!job.task) return <p class="quiet">No task of this Airflow is known to wait for it. Stop it on its page.</p>;
  return (
    <Confirm
      opener="Stop …"
      title={`Stop this ${kindOf(job.kind)} job?`}
      verb="Stop it"
      act={() => fail(job).finally(refresh)}
      done={() => (
        <>
          <a href={taskPage(job)} target="_top">
            Its task
          </a>{" "}
          is marked as failed. The job stops within two minutes.
        </>
      )}
      isOnce
    >
      <p>
        <code>{job.name}</code>
      </p>
      <p>
        Its task {job.task} of {job.dag} is marked as failed and is not tried again. The job stops as its task ends, or
        by reconcile_jobs within two minutes; what it has used so far is billed. Tasks after it follow their trigger
        rules.
      </p>
    </Confirm>
  );
}
