// One model: its versions with their scorecards side by side.

import { useMemo } from "preact/hooks";
import { reportPage, runPage } from "../airflow";
import { deciding, readModels, scoresOf, type ModelCard, type VersionCard } from "../api";
import { Chart, type Option } from "../chart";
import { count, day, instant, score } from "../format";
import { useLoaded } from "../load";
import { Empty, Ready, type Page } from "../shell";
import { Status } from "./models";

const NAME = new URLSearchParams(location.search).get("name") ?? "";
const KINDS: Record<string, string> = { Approved: "good", Rejected: "bad" };

function Model() {
  const [loaded] = useLoaded(readModels);
  return (
    <Ready
      loaded={loaded}
      view={({ models }) => {
        const model = models.find(({ name }) => name === NAME);
        if (model) return <Versions model={model} />;
        return (
          <Empty title={`No model “${NAME}”`}>
            No version of it is registered. <a href="models">Open the list of models</a>, and choose one.
          </Empty>
        );
      }}
    />
  );
}

function Versions({ model }: { model: ModelCard }) {
  const option = useMemo(() => scoresByVersion(model), [model]);
  return (
    <>
      <header class="title">
        <h1>{model.name}</h1>
        <Status endpoint={model.endpoint} />
      </header>
      {model.pinned != null && <p class="warn">Version {model.pinned} is pinned: retrains do not deploy.</p>}
      <h2>Scores on the holdout</h2>
      <Chart option={option} label={`Scores of the versions of ${model.name} on their holdouts`} height={260} />
      <h2>Versions</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Versions">
        <Table model={model} />
      </div>
    </>
  );
}

/** Return a table with a column for each version, newest first, and a row for each fact. */
function Table({ model }: { model: ModelCard }) {
  const { versions, endpoint } = model;
  const judged = deciding(model);
  const rows: [string, (version: VersionCard) => preact.ComponentChildren][] = [
    ["status", (version) => <Approval version={version} serving={version.version === endpoint?.version} />],
    ...scoresOf(model).map((name): [string, (version: VersionCard) => preact.ComponentChildren] => [
      name === judged ? `${name} (decides)` : name,
      (version) => scoreOf(version, name),
    ]),
    ["why", (version) => <div class="why">{version.reason || "–"}</div>],
    ["trained on", window],
    ["rows", (version) => (version.rows == null ? "–" : count(version.rows))],
    ["trial", (version) => version.trial ?? "–"],
    ["registered", (version) => instant(version.created)],
    ["made by", (version) => <Run version={version} />],
  ];
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">version</th>
          {versions.map(({ version }) => (
            <th scope="col">{version}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, cell]) => (
          <tr>
            <th scope="row">{name}</th>
            {versions.map((version) => (
              <td>{cell(version)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Approval({ version, serving }: { version: VersionCard; serving: boolean }) {
  const { approval } = version;
  return (
    <>
      <span class={KINDS[approval] ?? "warn"}>{approval === "PendingManualApproval" ? "Pending" : approval}</span>
      {serving && <strong>, in production</strong>}
    </>
  );
}

function scoreOf(version: VersionCard, name: string): string {
  const value = version.scores[name];
  return value === undefined ? "–" : score(value);
}

function window({ window_start, window_end }: VersionCard): string {
  return window_start && window_end ? `${day(window_start)} to ${day(window_end)}` : "–";
}

function Run({ version }: { version: VersionCard }) {
  const { dag, run, leaderboard } = version;
  if (!dag || !run) return <>–</>;
  return (
    <>
      <a href={runPage(dag, run)} target="_top">
        its run
      </a>
      {leaderboard && (
        <>
          {", "}
          <a href={reportPage(dag, run, leaderboard)} target="_blank" rel="noopener">
            leaderboard
          </a>
        </>
      )}
    </>
  );
}

/** Return the picture of all scores, a line for each, oldest version first. */
function scoresByVersion(model: ModelCard): Option {
  const versions = [...model.versions].reverse();
  const names = scoresOf(model);
  return {
    grid: { left: 52, right: 16, top: 40, bottom: 28 },
    legend: { top: 0, data: names },
    tooltip: {
      trigger: "axis",
      valueFormatter: (value: unknown) => (typeof value === "number" ? score(value) : "–"),
    },
    xAxis: { type: "category", data: versions.map(({ version }) => `v${version}`) },
    yAxis: { type: "value", scale: true },
    series: names.map((name) => ({
      type: "line",
      name,
      symbolSize: 8,
      data: versions.map(({ scores }) => scores[name] ?? null),
    })),
  };
}

export const model: Page = { route: "model", title: NAME || "Model", within: "models", view: Model };
