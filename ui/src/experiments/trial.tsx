// One trial: how it ended, what it was made of, and its log.

import { Fact } from "../controls";
import { instant } from "../format";
import { JobLog } from "../job_log";
import { objectPage, type Trial } from "../trials";
import { Status } from "./leaderboard";

export function TrialPanel({ trial, close }: { trial: Trial; close: () => void }) {
  const artifacts = Object.entries({ ...trial.data, code: trial.code, model: trial.model }).filter(([, uri]) => uri);
  return (
    <section class="card" aria-labelledby="trial">
      <header>
        <h2 id="trial">{trial.name}</h2>
        <button type="button" onClick={close}>
          Close
        </button>
      </header>
      <dl>
        <Fact name="Job">{trial.job}</Fact>
        <Fact name="Status">
          <Status trial={trial} />
        </Fact>
        {trial.reason && <Fact name="Reason">{trial.reason}</Fact>}
        {trial.created && <Fact name="Started">{instant(trial.created)}</Fact>}
        <Fact name="Instances">
          {trial.instances} × {trial.instance_type || "unknown"}
        </Fact>
        {artifacts.map(([name, uri]) => (
          <Fact name={name} key={name}>
            <a href={objectPage(uri)} target="_blank" rel="noopener">
              <code>{uri}</code>
            </a>
          </Fact>
        ))}
      </dl>
      <h3>Log</h3>
      <JobLog kind="TrainingJob" job={trial.job} running={trial.status === "InProgress"} />
    </section>
  );
}
