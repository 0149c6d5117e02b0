// One job: its task, limits, cost, log, and how to stop it.

import { useEffect, useRef } from "preact/hooks";
import { runPage } from "../airflow";
import { Fact } from "../controls";
import { instant, money } from "../format";
import { JobLog } from "../job_log";
import { kindOf, type JobRow } from "../jobs";
import { Elapsed, span, STATES, TaskLink } from "./columns";
import { Stop } from "./stop";

const titled = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const WITHOUT_LOG = new Set(["HyperParameterTuningJob", "AutoMLJob"]);

export function JobDetails(props: { job: JobRow; refresh: () => void; close?: () => void }) {
  const { job, refresh, close } = props;
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), [job.name]);
  return (
    <section class="card" aria-labelledby="job" tabIndex={-1} ref={panel}>
      <header>
        <h2 id="job">
          {titled(kindOf(job.kind))} job <code>{job.name}</code>
        </h2>
        {close && (
          <button type="button" onClick={close}>
            Close
          </button>
        )}
      </header>
      <dl>
        <Fact name="Status">
          <span class={STATES[job.status] ?? ""}>{job.status}</span>
          {job.progress && job.progress !== job.status && `, ${job.progress}`}
        </Fact>
        {job.message && <Fact name="Message">{job.message}</Fact>}
        <Fact name="Task">
          <TaskLink job={job} />
          {job.dag && (
            <>
              {" of "}
              <a href={runPage(job.dag, job.run)} target="_top">
                {job.dag}, {job.run}
              </a>
            </>
          )}
        </Fact>
        {job.created && <Fact name="Created">{instant(job.created)}</Fact>}
        {job.started && <Fact name="Started">{instant(job.started)}</Fact>}
        {job.ended && <Fact name="Ended">{instant(job.ended)}</Fact>}
        <Fact name={job.running ? "Time" : "Billed"}>{job.running ? <Elapsed job={job} /> : span(job.seconds)}</Fact>
        <Fact name="Cost">
          {money(job.usd)}
          {job.usd_at_most !== null && `, at most ${money(job.usd_at_most)} by its time limit`}
        </Fact>
        <Fact name="SageMaker">
          <a href={job.page} target="_blank" rel="noreferrer">
            Its page
          </a>
        </Fact>
      </dl>
      {job.running && (
        <div class="actions">
          <Stop key={job.name} job={job} refresh={refresh} />
        </div>
      )}
      {WITHOUT_LOG.has(job.kind) ? (
        <p class="quiet">It starts other jobs, which are listed as well and have logs of their own.</p>
      ) : (
        <>
          <h3>Log</h3>
          <JobLog kind={job.kind} job={job.name} running={job.running} />
        </>
      )}
    </section>
  );
}
