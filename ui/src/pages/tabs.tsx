// Studio in tabs of Airflow's pages: the model of a DAG, the jobs of a run, and the job of a task.

import { useCallback, useState } from "preact/hooks";
import { readModels } from "../api";
import { money } from "../format";
import { readJobsOf, type JobList } from "../jobs";
import { JobDetails } from "../jobs/details";
import { Reach, useGradually } from "../jobs/reach";
import { JobTable } from "../jobs/table";
import { useLoaded } from "../load";
import { Empty, Ready, type Page } from "../shell";
import { ModelOf } from "./model";
import "../parts.css";

const QUERY = new URLSearchParams(location.search);
const of = (name: string) => QUERY.get(name) ?? "";
const DAG = { dag: of("dag") };
const RUN = { ...DAG, run: of("run") };
// Airflow states the index of a mapped task only.
const TASK = { ...RUN, task: of("task"), map_index: /^\d+$/.test(of("map_index")) ? of("map_index") : "-1" };

const KNOWN = ["pipeline", "dag"]; // columns with the same value for all jobs

/** Return the model whose name is a part of the name of a DAG, the longest one: churn of retrain_churn. */
function modelIn(dag: string, names: string[]): string | undefined {
  const words = (name: string) => `_${name.replaceAll("-", "_")}_`;
  const isIn = (name: string) => words(dag).includes(words(name));
  return names.filter(isIn).sort((one, other) => other.length - one.length)[0];
}

function OfDag() {
  const [loaded] = useLoaded(readModels);
  return (
    <Ready
      loaded={loaded}
      view={({ models }) => {
        const name = modelIn(
          DAG.dag,
          models.map((model) => model.name),
        );
        if (!name) return <JobsOf owner={DAG} what="DAG" />;
        return (
          <>
            <OpenAlone page={`model?name=${encodeURIComponent(name)}`} />
            <ModelOf name={name} />
          </>
        );
      }}
    />
  );
}

function JobsOf({ owner, what }: { owner: Record<string, string>; what: string }) {
  const load = useCallback(() => readJobsOf(owner), [owner]);
  const [loaded, refresh] = useGradually(load, 30);
  return <Ready loaded={loaded} view={(list) => <Jobs {...{ list, refresh, what }} />} />;
}

function Jobs({ list, refresh, what }: { list: JobList; refresh: () => void; what: string }) {
  const { jobs } = list;
  const [chosen, open] = useState("");
  const isOnly = jobs.length === 1;
  const opened = isOnly ? jobs[0]!.name : chosen;
  const job = jobs.find(({ name }) => name === opened);
  const running = jobs.filter((each) => each.running);
  const ended = jobs.filter((each) => !each.running);
  const usd = jobs.reduce((sum, each) => sum + (each.usd ?? 0), 0);
  if (!jobs.length)
    return (
      <>
        <Reach read={list} />
        <Empty title={`No job of this ${what.toLowerCase()}`}>
          It started no SageMaker job in the last 90 days.{" "}
          <a href="models" target="_blank">
            Open Studio
          </a>{" "}
          for the models, endpoints and jobs of all DAGs.
        </Empty>
      </>
    );
  return (
    <>
      <OpenAlone page={`jobs?filter=${encodeURIComponent(what === "DAG" ? DAG.dag : RUN.run)}`} />
      <h1>
        {isOnly ? "1 job" : `${jobs.length} jobs`}, {money(usd)}
      </h1>
      <Reach read={list} />
      {!isOnly && (
        <>
          {running.length > 0 && (
            <section aria-labelledby="running">
              <h2 id="running">Running ({running.length})</h2>
              <JobTable label="Running jobs" jobs={running} isRunning without={KNOWN} opened={opened} open={open} />
            </section>
          )}
          {ended.length > 0 && (
            <section aria-labelledby="ended">
              <h2 id="ended">Ended ({ended.length})</h2>
              <JobTable label="Ended jobs" jobs={ended} without={KNOWN} opened={opened} open={open} />
            </section>
          )}
        </>
      )}
      {job && <JobDetails job={job} refresh={refresh} {...(isOnly ? {} : { close: () => open("") })} />}
    </>
  );
}

function OpenAlone({ page }: { page: string }) {
  return (
    <p>
      <a href={page} target="_blank">
        Open in Studio
      </a>
    </p>
  );
}

export const dag: Page = { route: "dag", title: DAG.dag, isTab: true, view: OfDag };
export const run: Page = { route: "run", title: "Jobs", isTab: true, hasOnlyTables: true, view: () => <JobsOf owner={RUN} what="Run" /> };
export const task: Page = { route: "task", title: "Job", isTab: true, hasOnlyTables: true, view: () => <JobsOf owner={TASK} what="Task" /> };
