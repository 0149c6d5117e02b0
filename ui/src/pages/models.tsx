// Models: a card per pipeline, with what is in production and what waits for a person.

import { useCallback, useMemo, useState } from "preact/hooks";
import { answer, dagsWith, questions, runPage, runsOf, type Dag, type DagRun, type Question } from "../airflow";
import { deciding, readModels, type EndpointCard, type ModelCard, type VersionCard } from "../api";
import { Chart, type Option } from "../chart";
import { count, day, instant, relative, score } from "../format";
import { problemIn, useLoaded, type Problem } from "../load";
import { Empty, Failure, Ready, type Page } from "../shell";

const RETRAIN = "retrain_";

interface Row {
  name: string;
  model: ModelCard | undefined;
  dag: Dag | undefined;
  runs: DagRun[];
  asked: Question[];
}

/** Return a row for every retraining DAG and for every registered model, by name. */
async function load(): Promise<{ rows: Row[]; readAt: string; truncated: boolean }> {
  const [models, dags, asked] = await Promise.all([readModels(), dagsWith("retraining"), questions()]);
  const runs = await runsOf(dags.map((dag) => dag.dag_id));
  const names = new Set([
    ...models.models.map((model) => model.name),
    ...dags.map((dag) => dag.dag_id.replace(RETRAIN, "")),
  ]);
  const rows = [...names].sort().map((name): Row => {
    const id = RETRAIN + name;
    return {
      name,
      model: models.models.find((model) => model.name === name),
      dag: dags.find((dag) => dag.dag_id === id),
      runs: runs.filter((run) => run.dag_id === id),
      asked: asked.filter((question) => question.task_instance.dag_id === id),
    };
  });
  return { rows, readAt: models.read_at, truncated: models.truncated };
}

function Models() {
  const [loaded, refresh] = useLoaded(load);
  return (
    <>
      <h1>Models</h1>
      <Ready
        loaded={loaded}
        view={({ rows, readAt, truncated }) =>
          rows.length ? (
            <>
              <p class="quiet">
                AWS was read at {instant(readAt)}.{truncated && " Of more than 300 versions, the newest are shown."}
              </p>
              <div class="cards">
                {rows.map((row) => (
                  <Card key={row.name} row={row} refresh={refresh} />
                ))}
              </div>
            </>
          ) : (
            <Empty title="No model yet">
              No DAG has the tag “retraining”, and no version is registered. Add a pipeline, trigger its
              retrain DAG, and it appears here.
            </Empty>
          )
        }
      />
    </>
  );
}

function Card({ row, refresh }: { row: Row; refresh: () => void }) {
  const { name, model, runs, dag, asked } = row;
  const endpoint = model?.endpoint;
  const serving = model?.versions.find((version) => version.version === endpoint?.version);
  return (
    <section class="card" aria-labelledby={`model-${name}`}>
      <header>
        <h2 id={`model-${name}`}>{model ? <a href={`model?name=${encodeURIComponent(name)}`}>{name}</a> : name}</h2>
        <Status endpoint={endpoint ?? null} />
      </header>
      {asked.map((question) => (
        <Approval question={question} refresh={refresh} />
      ))}
      <dl>
        <Production endpoint={endpoint ?? null} version={serving} />
        {model?.pinned != null && (
          <Fact name="Pinned">version {model.pinned}; retrains do not deploy until it is released</Fact>
        )}
        {endpoint && <TrafficFacts endpoint={endpoint} />}
        <Retrains dag={dag} runs={runs} />
      </dl>
      {model && <Trend model={model} />}
    </section>
  );
}

function Fact(props: { name: string; children: preact.ComponentChildren }) {
  return (
    <>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </>
  );
}

export function Status({ endpoint }: { endpoint: EndpointCard | null }) {
  if (!endpoint) return <span class="badge quiet">no endpoint</span>;
  const kinds: Record<string, string> = { InService: "good", Failed: "bad", UpdateRollbackFailed: "bad" };
  return (
    <span class={`badge ${kinds[endpoint.status] ?? "warn"}`} title={endpoint.reason ?? ""}>
      {endpoint.status}
    </span>
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

function TrafficFacts({ endpoint }: { endpoint: EndpointCard }) {
  const { traffic, instances, variants } = endpoint;
  return (
    <>
      <Fact name="Instances">
        {instances}
        {variants > 1 && ` in ${variants} variants`}
      </Fact>
      <Fact name="Last hour">
        {count(traffic.requests)} requests, {count(traffic.errors)} errors
        {traffic.latency_ms != null && `, ${traffic.latency_ms.toFixed(1)} ms in the model`}
      </Fact>
    </>
  );
}

function Retrains({ dag, runs }: { dag: Dag | undefined; runs: DagRun[] }) {
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

export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={instant(at)}>
      {relative(at)}
    </time>
  );
}

function Due({ at }: { at: string }) {
  return Date.parse(at) > Date.now() ? <Time at={at} /> : <>due now</>;
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

/** Return the picture of a score by version, oldest first; a rejected version is an empty circle. */
function trend(model: ModelCard, name: string): Option {
  const points = [...model.versions].reverse().map((version) => ({
    value: [`v${version.version}`, version.scores[name] ?? null],
    symbol: version.approval === "Rejected" ? "emptyCircle" : "circle",
  }));
  return {
    grid: { left: 48, right: 12, top: 12, bottom: 24 },
    tooltip: {
      trigger: "axis",
      valueFormatter: (value: unknown) => (typeof value === "number" ? score(value) : "–"),
    },
    xAxis: { type: "category" },
    yAxis: { type: "value", scale: true, axisLabel: { formatter: (value: number) => value.toFixed(3) } },
    series: [{ type: "line", name, data: points, symbolSize: 8 }],
  };
}

function Approval({ question, refresh }: { question: Question; refresh: () => void }) {
  const [sending, send] = useState(false);
  const [problem, fail] = useState<Problem | null>(null);
  const choose = useCallback(
    async (option: string) => {
      send(true);
      fail(null);
      try {
        await answer(question, option);
        refresh();
      } catch (error) {
        fail(problemIn(error));
        send(false);
      }
    },
    [question, refresh],
  );
  const { dag_id, dag_run_id } = question.task_instance;
  return (
    <div class="question" role="group" aria-label={question.subject}>
      <strong>{question.subject}</strong>{" "}
      <a href={runPage(dag_id, dag_run_id)} target="_top">
        Its run
      </a>
      {question.body && (
        <details>
          <summary>Scorecards</summary>
          <pre class="scroll" tabIndex={0}>{question.body}</pre>
        </details>
      )}
      <div class="actions">
        {question.options.map((option, index) => (
          <button type="button" class={index ? "" : "primary"} disabled={sending} onClick={() => void choose(option)}>
            {option}
          </button>
        ))}
      </div>
      {problem && <Failure problem={problem} />}
    </div>
  );
}

export const models: Page = { route: "models", title: "Models", view: Models };
