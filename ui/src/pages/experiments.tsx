// Experiments: the trials of one, their leaderboard, and comparisons.

import { useCallback, useMemo, useState } from "preact/hooks";
import { Choice, useAddress, useChosen } from "../controls";
import { filtered, isLowerBetter, metricsOf } from "../experiments/board";
import { Curves, Differences, Pictures } from "../experiments/compare";
import { Leaderboard } from "../experiments/leaderboard";
import { TrialPanel } from "../experiments/trial";
import { useLoaded } from "../load";
import { Empty, Ready, type Page } from "../shell";
import type { Order } from "../table";
import { readExperiments, readTrials, type Experiment, type Statistic, type Trial } from "../trials";
import "../parts.css";

const FIRST = 100; // trials that need one call; all others follow

function Experiments() {
  const [loaded] = useLoaded(readExperiments, 300);
  return (
    <>
      <h1>Experiments</h1>
      <Ready
        loaded={loaded}
        view={(experiments) =>
          experiments.length ? (
            <Chooser experiments={experiments} />
          ) : (
            <Empty title="No experiment yet">
              Trigger initialize_project, then a retrain DAG: each of its candidates becomes a trial here.
            </Empty>
          )
        }
      />
    </>
  );
}

function Chooser({ experiments }: { experiments: Experiment[] }) {
  const names = experiments.map((experiment) => experiment.name);
  const [name, ask] = useChosen("experiment", names);
  return (
    <>
      <div class="fields">
        <Choice label="Experiment" value={name} options={names} choose={ask} />
      </div>
      <Trials key={name} experiment={name} />
    </>
  );
}

function Trials({ experiment }: { experiment: string }) {
  const [some, few] = useState<Trial[] | null>(null);
  const load = useCallback(async () => {
    const newest = await readTrials(experiment, FIRST);
    if (newest.length !== FIRST) return newest; // all there are: few, or those of a summary
    few(newest);
    return readTrials(experiment);
  }, [experiment]);
  const [loaded] = useLoaded(load);
  const shown = loaded.state === "loading" && some ? ({ state: "ready", data: some } as const) : loaded;
  return (
    <Ready
      loaded={shown}
      view={(trials) =>
        trials.length ? (
          <Board experiment={experiment} trials={trials} more={loaded.state === "loading"} />
        ) : (
          <Empty title="No trial yet">
            No training job was started in experiment {experiment}. Trigger the retrain DAG that uses it.
          </Empty>
        )
      }
    />
  );
}

function Board({ experiment, trials, more }: { experiment: string; trials: Trial[]; more: boolean }) {
  const [filter, setFilter] = useAddress("filter", "");
  const [statistic, setStatistic] = useState<Statistic>("last");
  const [order, setOrder] = useState<Order>(() => firstOrder(trials));
  const [chosen, setChosen] = useState<Set<string>>(() => new Set());
  const [opened, open] = useState<string | null>(null);
  const shown = useMemo(() => filtered(trials, filter, statistic), [trials, filter, statistic]);
  const choose = useCallback((job: string) => {
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(job)) next.add(job);
      return next;
    });
  }, []);
  const compared = useMemo(() => trials.filter((trial) => chosen.has(trial.job)), [trials, chosen]);
  const trial = trials.find((each) => each.job === opened);
  return (
    <>
      <Leaderboard
        {...{ experiment, all: trials, more, shown, filter, setFilter, statistic, setStatistic }}
        {...{ order, setOrder, chosen, choose, open }}
      />
      {trial && <TrialPanel trial={trial} close={() => open(null)} />}
      {compared.length ? (
        <>
          <Curves trials={compared} />
          {compared.length > 1 && <Differences trials={compared} />}
        </>
      ) : (
        <p class="quiet">Choose trials in the column “Compare” to see their curves and the parameters that differ.</p>
      )}
      <Pictures trials={shown} statistic={statistic} chosen={chosen} />
    </>
  );
}

/** Return the order by the first metric, best first; by time while no trial has a metric. */
function firstOrder(trials: Trial[]): Order {
  const metric = metricsOf(trials)[0];
  return metric ? { key: metric, ascending: isLowerBetter(metric) } : { key: "created", ascending: false };
}

export const experiments: Page = { route: "experiments", title: "Experiments", view: Experiments };
