// One model: its scores, versions side by side, what was in production when, and lineage.

import { useCallback, useMemo } from "preact/hooks";
import { questions } from "../airflow";
import { readModels, scoresOf, type ModelCard } from "../api";
import { Chart, type Option } from "../chart";
import { score } from "../format";
import { useLoaded } from "../load";
import { Approval } from "../models/approval";
import { History } from "../models/history";
import { LineageOf } from "../models/lineage";
import { isAbout } from "../models/rows";
import { Versions } from "../models/versions";
import { Status } from "../parts";
import { Empty, Failure, Ready, type Page } from "../shell";
import "../parts.css";

const NAME = new URLSearchParams(location.search).get("name") ?? "";

export function ModelOf({ name }: { name: string }) {
  const readModel = useCallback(async () => (await readModels()).models.find((each) => each.name === name), [name]);
  const readAsked = useCallback(async () => (await questions()).filter((each) => isAbout(each, name)), [name]);
  const [loaded] = useLoaded(readModel);
  const [asked, refresh] = useLoaded(readAsked);
  return (
    <Ready
      loaded={loaded}
      view={(model) =>
        model ? (
          <>
            <header class="title">
              <h1>{model.name}</h1>
              <Status endpoint={model.endpoint} />
            </header>
            {model.pinned != null && <p class="warn">Version {model.pinned} is pinned: retrains do not deploy.</p>}
            {asked.state === "failed" && <Failure problem={asked.problem} />}
            {asked.state === "ready" && asked.data.map((question) => (
              <Approval key={question.task_instance.dag_run_id} question={question} refresh={refresh} />
            ))}
            <Scores model={model} />
            <Versions model={model} />
            <History model={model.name} />
            <LineageOf model={model} />
          </>
        ) : (
          <Empty title={`No model “${name}”`}>
            No version of it is registered. <a href="models">Open the list of models</a>, and choose one.
          </Empty>
        )
      }
    />
  );
}

function Scores({ model }: { model: ModelCard }) {
  const option = useMemo(() => scoresByVersion(model), [model]);
  return (
    <section aria-labelledby="scores">
      <h2 id="scores">Scores on the holdout</h2>
      <Chart option={option} label={`Scores of the versions of ${model.name} on their holdouts`} height={260} />
    </section>
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
      confine: true,
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

export const model: Page = { route: "model", title: NAME || "Model", within: "models", view: () => <ModelOf name={NAME} /> };
