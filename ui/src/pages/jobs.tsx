// Jobs: what runs for this deployment, with its task, progress and log, and what has ended lately.

import { useCallback, useMemo } from "preact/hooks";
import { Choice, useAddress, useChosen } from "../controls";
import { kindOf, readJobs, type JobList, type JobRow } from "../jobs";
import { taskOf } from "../jobs/columns";
import { JobDetails } from "../jobs/details";
import { Reach, useGradually } from "../jobs/reach";
import { JobTable } from "../jobs/table";
import { Empty, Ready, type Page } from "../shell";
import "../parts.css";

const SPANS: Record<string, string> = { 1: "Since yesterday", 7: "Last 7 days", 30: "Last 30 days", 90: "Last 90 days" };
const DAYS = Object.keys(SPANS);
const ALL = "all";

function Jobs() {
  const [days, choose] = useChosen("days", DAYS, "7");
  const load = useCallback(() => readJobs(days), [days]);
  const [loaded, refresh] = useGradually(load, 30);
  return (
    <>
      <h1>Jobs</h1>
      <Ready
        loaded={loaded}
        view={(list) => <Lists {...{ list, refresh, days, choose }} />}
      />
    </>
  );
}

function Lists(props: { list: JobList; refresh: () => void; days: string; choose: (days: string) => void }) {
  const { list, refresh, days, choose } = props;
  const [text, setText] = useAddress("filter", "");
  const kinds = useMemo(() => [ALL, ...new Set(list.jobs.map((job) => job.kind))].sort(), [list]);
  const [kind, setKind] = useChosen("kind", kinds, ALL);
  const [opened, open] = useAddress("job", "");
  const shown = list.jobs.filter((job) => (kind === ALL || job.kind === kind) && matches(job, text));
  const running = shown.filter((job) => job.running);
  const job = list.jobs.find((each) => each.name === opened);
  return (
    <>
      <div class="fields">
        <label class="field wide">
          Filter
          <input
            type="search"
            value={text}
            placeholder="parts of DAG, task, run, name or status"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <Choice
          label="Kind"
          value={kind}
          options={kinds}
          choose={setKind}
          title={(each) => (each === ALL ? "all kinds" : kindOf(each))}
        />
        <Choice label="Time" value={days} options={DAYS} choose={choose} title={(each) => SPANS[each]!} />
      </div>
      <Reach read={list} />
      <section aria-labelledby="running">
        <h2 id="running">Running ({running.length})</h2>
        {running.length ? (
          <JobTable label="Running jobs" jobs={running} isRunning opened={opened} open={open} />
        ) : (
          <p class="quiet">No job runs{text || kind !== ALL ? " that matches" : ""}: none is billed now.</p>
        )}
      </section>
      {job && <JobDetails job={job} refresh={refresh} close={() => open("")} />}
      {list.jobs.length ? (
        <section aria-labelledby="ended">
          <h2 id="ended">Ended ({shown.length - running.length})</h2>
          <JobTable label="Ended jobs" jobs={shown.filter((each) => !each.running)} opened={opened} open={open} />
        </section>
      ) : (
        <Empty title="No job yet">
          This deployment started no job in this time. Choose a longer time, or trigger a retrain DAG.
        </Empty>
      )}
    </>
  );
}

function matches(job: JobRow, text: string): boolean {
  const all = [job.name, job.pipeline, job.dag, job.run, taskOf(job), job.status, job.progress].join(" ").toLowerCase();
  return text.toLowerCase().split(/\s+/).every((part) => all.includes(part));
}

export const jobs: Page = { route: "jobs", title: "Jobs", hasOnlyTables: true, view: Jobs };
