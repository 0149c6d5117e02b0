// The columns of the tables of jobs.

import { money, relative } from "../format";
import { kindOf, type JobRow } from "../jobs";
import type { Column } from "../table";
import { taskPage } from "../tasks";

export const STATES: Record<string, string> = { Completed: "good", Failed: "bad", Stopped: "warn", Stopping: "warn" };

/** Return seconds as "45 s", "3 min 20 s" or "2 h 5 min". */
export function span(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Return the task with its index, such as "train 2". */
export function taskOf(job: JobRow): string {
  return job.map_index < 0 ? job.task : `${job.task} ${job.map_index}`;
}

export function TaskLink({ job }: { job: JobRow }) {
  if (!job.task) return <>–</>;
  return (
    <a href={taskPage(job)} target="_top" title={`${job.dag}, run ${job.run}`}>
      {taskOf(job)}
    </a>
  );
}

export function columnsOf(running: boolean, open: (name: string) => void): Column<JobRow>[] {
  const kind: Column<JobRow> = {
    key: "kind",
    title: "Job",
    value: (job) => kindOf(job.kind),
    view: (job) => (
      <button type="button" class="link" aria-label={`Details of ${job.name}`} onClick={() => open(job.name)}>
        {kindOf(job.kind)}
      </button>
    ),
  };
  const task: Column<JobRow>[] = [
    { key: "pipeline", title: "Pipeline", value: (job) => job.pipeline || null },
    { key: "dag", title: "DAG", value: (job) => job.dag || null },
    { key: "task", title: "Task", value: (job) => taskOf(job) || null, view: (job) => <TaskLink job={job} /> },
  ];
  const cost: Column<JobRow> = {
    key: "usd",
    title: running ? "Cost so far" : "Cost",
    value: (job) => job.usd,
    view: (job) => money(job.usd),
    numeric: true,
  };
  const [status, ...times] = running ? PROGRESS : END; // a phone shows the first columns
  return [kind, status!, ...task, ...times, cost, INSTANCES, ...(running ? [] : [MESSAGE])];
}

const PROGRESS: Column<JobRow>[] = [
  { key: "progress", title: "Status", value: (job) => job.progress || job.status },
  {
    key: "seconds",
    title: "Time, of its limit",
    value: (job) => job.seconds,
    view: (job) => <Elapsed job={job} />,
  },
];

const END: Column<JobRow>[] = [
  {
    key: "status",
    title: "Status",
    value: (job) => job.status,
    view: (job) => <span class={STATES[job.status] ?? ""}>{job.status}</span>,
  },
  {
    key: "ended",
    title: "Ended",
    value: (job) => job.ended ?? job.created,
    view: (job) => (job.ended ? <time dateTime={job.ended}>{relative(job.ended)}</time> : "–"),
  },
  { key: "seconds", title: "Billed", value: (job) => job.seconds, view: (job) => span(job.seconds), numeric: true },
];

const INSTANCES: Column<JobRow> = {
  key: "instances",
  title: "Instances",
  value: (job) => (job.instance_type ? `${job.instances} × ${job.instance_type}${job.spot ? " (spot)" : ""}` : null),
};

const MESSAGE: Column<JobRow> = {
  key: "message",
  title: "Message",
  value: (job) => job.message || null,
  view: (job) => <span title={job.message}>{shortened(job.message) || "–"}</span>,
};

function shortened(text: string): string {
  const line = text.split("\n", 1)[0]!;
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

export function Elapsed({ job }: { job: JobRow }) {
  if (!job.started) return <>waiting for instances</>;
  if (!job.limit_seconds) return <>{span(job.seconds)}</>;
  const text = `${span(job.seconds)} of ${span(job.limit_seconds)}`;
  return (
    <>
      <progress max={job.limit_seconds} value={job.seconds} aria-label={`Time of its limit: ${text}`} /> {text}
    </>
  );
}
