// Two facts of a card that are loaded apart, so that one that fails does not hide the others.

import { Fact } from "../controls";
import type { MonthToDate } from "../costs";
import { OUTCOME_CLASSES, type DriftState } from "../drift";
import { money } from "../format";
import type { Loaded } from "../load";
import { Time } from "../parts";

const NAMED = 3; // columns

/** Show the newest verdict on a model's traffic, with a link to its windows. */
export function Drift({ model, loaded }: { model: string; loaded: Loaded<DriftState[]> }) {
  if (loaded.state !== "ready") return <Fact name="Drift">{pending(loaded)}</Fact>;
  const state = loaded.data.find((each) => each.model === model);
  if (!state) return <Fact name="Drift">not checked yet</Fact>;
  const page = `drift?endpoint=${encodeURIComponent(`${model}/${model}`)}`;
  const { alerting, outcome } = state;
  const more = alerting.length > NAMED ? ` and ${alerting.length - NAMED} more` : "";
  return (
    <Fact name="Drift">
      <a href={page} class={OUTCOME_CLASSES[outcome] ?? "quiet"} title={state.why}>
        {outcome}
      </a>
      , window until <Time at={state.end} />
      {alerting.length > 0 && `: ${alerting.slice(0, NAMED).join(", ")}${more}`}
    </Fact>
  );
}

/** Show what a pipeline has cost since the beginning of the month. */
export function Cost({ model, loaded }: { model: string; loaded: Loaded<MonthToDate> }) {
  if (loaded.state !== "ready") return <Fact name="This month">{pending(loaded)}</Fact>;
  const { pipelines, unpriced, start, since } = loaded.data;
  const cost = pipelines[model] ?? { usd: 0, jobs_usd: 0, endpoints_usd: 0 };
  return (
    <Fact name="This month">
      {money(cost.usd)}
      {cost.usd > 0 && `: jobs ${money(cost.jobs_usd)}, endpoint ${money(cost.endpoints_usd)}`}
      {Date.parse(since) > Date.parse(start) && <span class="quiet">; earlier jobs are still being read</span>}
      {unpriced.length > 0 && <span class="quiet">; without {unpriced.join(", ")}, which PRODML_PRICES lacks</span>}
    </Fact>
  );
}

function pending(loaded: Loaded<unknown>) {
  if (loaded.state !== "failed") return <span class="quiet">loading …</span>;
  return (
    <span class="bad">
      {loaded.problem.error} {loaded.problem.remedy}
    </span>
  );
}
