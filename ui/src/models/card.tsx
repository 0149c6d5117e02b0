// The card of a model: what is in production, how it does, what it costs, and what waits.

import { useMemo } from "preact/hooks";
import { runPage, type DagRun } from "../airflow";
import { deciding, type EndpointCard, type ModelCard, type VersionCard } from "../api";
import { Chart } from "../chart";
import { Fact } from "../controls";
import type { MonthToDate } from "../costs";
import type { DriftState } from "../drift";
import { count, day, score } from "../format";
import type { Loaded } from "../load";
import { Status, Time } from "../parts";
import { Approval } from "./approval";
import { Cost, Drift } from "./health";
import type { Retrains, Row } from "./rows";
import { trend } from "./trend";

const RUNS = 8; // the newest ones, as marks
const MARKS: Record<string, [string, string]> = {
  success: ["good", "✓"],
  failed: ["bad", "✗"],
  running: ["link", "▶"],
};

export function Card(props: {
  row: Row;
  drift: Loaded<DriftState[]>;
  costs: Loaded<MonthToDate>;
  refresh: () => void;
}) {
  const { row, drift, costs, refresh } = props;
  const { name, model, retrains, asked } = row;
  const endpoint = model?.endpoint;
  const serving = model?.versions.find((version) => version.version === endpoint?.version);
  return (
    <section class="card" aria-labelledby={`model-${name}`}>
      <header>
        <h2 id={`model-${name}`}>{model ? <a href={`model?name=${encodeURIComponent(name)}`}>{name}</a> : name}</h2>
        <Status endpoint={endpoint ?? null} />
      </header>
      {asked.map((question) => (
        <Approval key={question.task_instance.dag_run_id} question={question} refresh={refresh} />
      ))}
      <dl>
        <Production endpoint={endpoint ?? null} version={serving} />
        {model?.pinned != null && (
          <Fact name="Pinned">version {model.pinned}; retrains do not deploy until it is released</Fact>
        )}
        {endpoint && <Traffic endpoint={endpoint} />}
        {endpoint && <Drift model={name} loaded={drift} />}
        <Cost model={name} loaded={costs} />
        {retrains ? <Runs {...retrains} /> : <Fact name="Last retrain">not known yet</Fact>}
      </dl>
      {model && <Trend model={model} />}
    </section>
  );
}

function Production(props: { endpoint: EndpointCard | null; version: VersionCard | undefined }) {
  const { endpoint, version } = props;
  if (!endpoint) return <Fact name="In production">nothing: approve a version to deploy it</Fact>;
  if (!version) return <Fact name="In production">a model that no listed version names</Fact>;
  return (
    <>
      <Fact name="In production">
        version {version.version}
        {endpoint.variants > 1 && ", in a test against the model before it"}, since <Time at={endpoint.since} />
      </Fact>
      {version.window_start && version.window_end && (
        <Fact name="Trained on">
          {day(version.window_start)} to {day(version.window_end)}
          {version.rows != null && `, ${count(version.rows)} rows`}
        </Fact>
      )}
      <Fact name="Holdout">
        {Object.entries(version.scores)
          .map(([name, value]) => `${name} ${score(value)}`)
          .join(", ") || "no scores"}
      </Fact>
    </>
  );
}

function Traffic({ endpoint }: { endpoint: EndpointCard }) {
  const { name, component, traffic, variants } = endpoint;
  return (
    <>
      <Fact name={component ? "Component" : "Endpoint"}>
        <a href={`endpoints?endpoint=${encodeURIComponent(name)}`}>{size(endpoint)}</a>
        {variants > 1 && ` in ${variants} variants`}
      </Fact>
      <Fact name="Last hour">
        {count(traffic.requests)} requests, {count(traffic.errors)} errors
        {traffic.latency_ms != null && `, ${traffic.latency_ms.toFixed(1)} ms in the model`}
      </Fact>
    </>
  );
}

/** Return the instances of an endpoint, or the copies of a component and the endpoint that holds them. */
function size({ name, copies, instances }: EndpointCard): string {
  if (copies != null) return `${copies} ${copies === 1 ? "copy" : "copies"} on ${name}`;
  return `${instances} ${instances === 1 ? "instance" : "instances"}`;
}

function Runs({ dag, runs }: Retrains) {
  if (!dag) return <Fact name="Retrains">its DAG does not exist, or your role may not read it</Fact>;
  const last = runs[0];
  return (
    <>
      <Fact name="Last retrain">
        {last ? (
          <>
            <a href={runPage(last.dag_id, last.dag_run_id)} target="_top">
              {last.state}
            </a>
            , <Time at={last.run_after} />
          </>
        ) : (
          "never"
        )}
      </Fact>
      {runs.length > 1 && (
        <Fact name="Last runs">
          <span class="runs">
            {[...runs.slice(0, RUNS)].reverse().map((run) => (
              <Run key={run.dag_run_id} run={run} />
            ))}
          </span>
        </Fact>
      )}
      <Fact name="Next retrain">
        {dag.is_paused ? (
          "paused"
        ) : dag.next_dagrun_run_after ? (
          <Due at={dag.next_dagrun_run_after} />
        ) : (
          "after drift, or by hand"
        )}
      </Fact>
    </>
  );
}

function Due({ at }: { at: string }) {
  return Date.parse(at) > Date.now() ? <Time at={at} /> : <>due now</>;
}

function Run({ run }: { run: DagRun }) {
  const [kind, mark] = MARKS[run.state] ?? ["quiet", "…"];
  const says = `${run.state}, ${day(run.run_after)}`;
  return (
    <a class={kind} href={runPage(run.dag_id, run.dag_run_id)} target="_top" title={says} aria-label={says}>
      {mark}
    </a>
  );
}

function Trend({ model }: { model: ModelCard }) {
  const name = deciding(model);
  const option = useMemo(() => (name ? trend(model, name) : null), [model, name]);
  if (!option || !name || model.versions.length < 2) return null;
  return (
    <>
      <h3>{name} on the holdout, by version</h3>
      <Chart option={option} label={`${name} on the holdout of each version of ${model.name}`} height={140} />
    </>
  );
}
