// Compare chosen trials: curves and parameters; and all trials that the filter shows: two pictures.

import { useMemo, useState } from "preact/hooks";
import { Chart } from "../chart";
import { Choice } from "../controls";
import { useLoaded } from "../load";
import { Empty, Ready } from "../shell";
import { MOST_CURVES, readCurves, type Statistic, type Trial } from "../trials";
import { differing, metricsOf, parametersOf } from "./board";
import { curvesOption, parallelOption, scatterOption } from "./pictures";

export function Curves({ trials }: { trials: Trial[] }) {
  const metrics = metricsOf(trials);
  const [asked, ask] = useState(metrics[0] ?? "");
  const metric = metrics.includes(asked) ? asked : (metrics[0] ?? "");
  const [weight, smooth] = useState(0);
  const some = trials.slice(0, MOST_CURVES);
  const jobs = some.map((trial) => trial.job).join(" ");
  const load = useMemo(() => () => (metric ? readCurves(some, metric) : Promise.resolve([])), [jobs, metric]);
  const [loaded] = useLoaded(load);
  const names = new Map(some.map((trial) => [trial.job, `${trial.name} (${trial.job})`]));
  return (
    <section aria-labelledby="curves">
      <h2 id="curves">Curves</h2>
      <div class="fields">
        <Choice label="Metric" value={metric} options={metrics} choose={ask} />
        <label class="field">
          Smoothing {weight.toFixed(2)}
          <input
            type="range"
            min="0"
            max="0.95"
            step="0.05"
            value={weight}
            onInput={(event) => smooth(Number(event.currentTarget.value))}
          />
        </label>
      </div>
      {trials.length > MOST_CURVES && <p class="quiet">Curves of the first {MOST_CURVES} chosen trials are shown.</p>}
      <Ready
        loaded={loaded}
        view={(curves) =>
          curves.length ? (
            <CurvesChart curves={curves} metric={metric} weight={weight} names={names} />
          ) : (
            <Empty title="No curve">
              SageMaker has no values of {metric || "a metric"} over time for these trials. Choose another metric, or add
              a metric definition with a regular expression to the job.
            </Empty>
          )
        }
      />
    </section>
  );
}

function CurvesChart(props: Parameters<typeof curvesOption>[0]) {
  const { curves, metric, weight } = props;
  const option = useMemo(() => curvesOption(props), [curves, metric, weight]);
  return <Chart option={option} label={`${metric} of ${curves.length} trials while they trained`} height={320} />;
}

export function Differences({ trials }: { trials: Trial[] }) {
  const names = differing(trials);
  if (!names.length) return <p>The chosen trials have the same parameters.</p>;
  return (
    <section aria-labelledby="differences">
      <h2 id="differences">Parameters that differ</h2>
      <div class="scroll" role="group" aria-label="Table of parameters" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Parameter</th>
              {trials.map((trial) => (
                <th scope="col" key={trial.job} title={trial.job} class="number">
                  {trial.name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {trials.map((trial) => (
                  <td key={trial.job} class="number">
                    {trial.parameters[name] ?? "–"}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

export function Pictures(props: { trials: Trial[]; statistic: Statistic; chosen: Set<string> }) {
  const { trials, statistic, chosen } = props;
  const metrics = metricsOf(trials);
  const names = [...metrics, ...parametersOf(trials), "seconds"];
  const [askedMetric, askMetric] = useState("");
  const [askedX, askX] = useState("");
  const [askedY, askY] = useState("");
  const metric = metrics.includes(askedMetric) ? askedMetric : (metrics[0] ?? "");
  const x = names.includes(askedX) ? askedX : (differing(trials)[0] ?? names[0] ?? "");
  const y = names.includes(askedY) ? askedY : metric;
  const parallel = useMemo(() => parallelOption(trials, metric, statistic), [trials, metric, statistic]);
  const scatter = useMemo(
    () => scatterOption(trials, x, y, statistic, chosen),
    [trials, x, y, statistic, chosen],
  );
  if (!metric || trials.length < 2) return null;
  return (
    <section aria-labelledby="pictures">
      <h2 id="pictures">All trials of the filter</h2>
      <div class="fields">
        <Choice label="Scatter: up" value={y} options={names} choose={askY} />
        <Choice label="Scatter: across" value={x} options={names} choose={askX} />
        <Choice label="Parallel: coloured by" value={metric} options={metrics} choose={askMetric} />
      </div>
      <div class="pair">
        <Chart option={scatter} label={`${y} against ${x} of ${trials.length} trials`} height={320} />
        <Chart
          option={parallel}
          label={`Parallel coordinates of the parameters and ${metric} of ${trials.length} trials`}
          height={320}
        />
      </div>
    </section>
  );
}
