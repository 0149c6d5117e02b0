// An A/B or shadow test on an endpoint: both models, and what would be decided now.

import { useCallback } from "preact/hooks";
import { dagPage } from "../airflow";
import { readTest, type Contender, type Judgement, type RunningTest } from "../endpoint_requests";
import { count } from "../format";
import { useLoaded } from "../load";
import { Listing, Time } from "../parts";
import { Failure } from "../shell";

const DAG = "promote_winner";
const MINUTES = 5 * 60;

export function Test({ endpoint }: { endpoint: string }) {
  const load = useCallback(() => readTest(endpoint), [endpoint]);
  const [loaded] = useLoaded(load, MINUTES);
  if (loaded.state === "failed") return <Failure problem={loaded.problem} />;
  if (loaded.state === "loading" || !loaded.data) return null;
  return <Standing test={loaded.data} />;
}

function Standing({ test }: { test: RunningTest }) {
  const early = test.hours < test.least_hours;
  return (
    <section class="card" aria-labelledby="test">
      <header>
        <h2 id="test">{test.shadow ? "Shadow test" : "A/B test"}</h2>
        <span class="badge warn">{early ? `${duration(test.hours)} of ${test.least_hours} hours` : `runs for ${duration(test.hours)}`}</span>
      </header>
      <p>
        {test.challenger.variant} ({test.challenger.model}) against {test.incumbent.variant} ({test.incumbent.model}),{" "}
        {test.shadow ? "which answers; the challenger gets copies of requests" : "by the shares below"}. The verdict as of{" "}
        <Time at={test.read_at} />, with the defaults of the form of{" "}
        <a href={dagPage(DAG)} target="_top">
          {DAG}
        </a>
        , which ends the test{early && ` after ${test.least_hours} hours`}:
      </p>
      <Listing id="verdict" title="Verdict so far" heads={["Metric", "Challenger", "Incumbent", "Better", "Why"]}>
        {test.judgements.map((judgement) => (
          <Verdict key={judgement.metric} judgement={judgement} />
        ))}
      </Listing>
      <p class="quiet">
        Requests: {answered(test.challenger)}; {answered(test.incumbent)}.
      </p>
    </section>
  );
}

function Verdict({ judgement }: { judgement: Judgement }) {
  const { metric, unit, challenger, incumbent, winner, decision } = judgement;
  const value = (mean: number | null) => (mean === null ? "–" : `${Number(mean.toPrecision(4))} ${unit}`);
  return (
    <tr>
      <th scope="row">{metric}</th>
      <td>{value(challenger)}</td>
      <td>{value(incumbent)}</td>
      <td class={winner === "challenger" ? "good" : winner === "incumbent" ? "bad" : "quiet"}>{winner || "undecided"}</td>
      <td class="wrap">{decision}</td>
    </tr>
  );
}

const answered = ({ variant, requests, failed }: Contender) => `${variant} ${count(requests)}, of which ${count(failed)} failed`;

function duration(hours: number): string {
  return hours < 1 ? `${Math.round(60 * hours)} minutes` : `${Number(hours.toFixed(1))} hours`;
}
