// The leaderboard: every trial of an experiment, with filter, columns, choice and export.

import { useMemo, useState } from "preact/hooks";
import { Choice, download } from "../controls";
import { relative } from "../format";
import { Table, type Column, type Order } from "../table";
import type { Statistic, Trial } from "../trials";
import { asCsv, metricsOf, parametersOf } from "./board";

const STATISTICS = ["last", "min", "max", "avg"] as const;
const FEW = 6; // parameters shown at first

export interface BoardProps {
  experiment: string;
  all: Trial[];
  more: boolean; // others are loading
  shown: Trial[];
  filter: string;
  setFilter: (text: string) => void;
  statistic: Statistic;
  setStatistic: (statistic: Statistic) => void;
  order: Order;
  setOrder: (order: Order) => void;
  chosen: Set<string>;
  choose: (job: string) => void;
  open: (job: string) => void;
}

export function Leaderboard(props: BoardProps) {
  const { experiment, all, shown, filter, setFilter, statistic, setStatistic, chosen } = props;
  const [hidden, hide] = useState<Set<string>>(() => new Set(parametersOf(all).slice(FEW)));
  const { choose, open } = props;
  const columns = useMemo(() => columnsOf(all, statistic, open), [all, statistic, open]);
  const visible = useMemo(
    () => [chooser(chosen, choose), ...columns.filter((column) => !hidden.has(column.key))],
    [columns, hidden, chosen, choose],
  );
  const toggle = (key: string) => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    hide(next);
  };
  return (
    <section aria-labelledby="leaderboard">
      <h2 id="leaderboard">Leaderboard</h2>
      <div class="fields">
        <label class="field wide">
          Filter
          <input
            type="search"
            value={filter}
            placeholder="xgboost max_depth>=6 eta<0.1"
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </label>
        <Choice label="Statistic" value={statistic} options={STATISTICS} choose={setStatistic} />
        <details class="menu">
          <summary class="button">Columns</summary>
          <fieldset>
            <legend>Columns of the table</legend>
            {columns.map((column) => (
              <label key={column.key}>
                <input type="checkbox" checked={!hidden.has(column.key)} onChange={() => toggle(column.key)} />{" "}
                {column.title}
              </label>
            ))}
          </fieldset>
        </details>
        <button
          type="button"
          onClick={() => download(`${experiment}.csv`, asCsv(shown, columns), "text/csv")}
        >
          Export CSV
        </button>
      </div>
      <p class="quiet" role="status">
        {shown.length === all.length ? `${all.length} trials` : `${shown.length} of ${all.length} trials`}, {chosen.size}{" "}
        chosen{props.more && "; older ones are loading …"}
      </p>
      <Table
        label="Table of trials"
        columns={visible}
        rows={shown}
        keyOf={(trial) => trial.job}
        order={props.order}
        setOrder={props.setOrder}
        isChosen={(trial) => chosen.has(trial.job)}
      />
    </section>
  );
}

function chooser(chosen: Set<string>, choose: (job: string) => void): Column<Trial> {
  return {
    key: "chosen",
    title: "Compare",
    value: (trial) => (chosen.has(trial.job) ? 0 : 1),
    view: (trial) => (
      <input
        type="checkbox"
        aria-label={`Compare ${trial.job}`}
        checked={chosen.has(trial.job)}
        onChange={() => choose(trial.job)}
      />
    ),
  };
}

function columnsOf(trials: Trial[], statistic: Statistic, open: (job: string) => void): Column<Trial>[] {
  const number = (key: string, title: string, value: (trial: Trial) => number | string | null): Column<Trial> => ({
    key,
    title,
    value,
    view: (trial) => shortly(value(trial)),
    numeric: true,
  });
  return [
    {
      key: "name",
      title: "Trial",
      value: (trial) => trial.name,
      view: (trial) => (
        <button type="button" class="link" title={trial.job} onClick={() => open(trial.job)}>
          {trial.name}
        </button>
      ),
    },
    { key: "status", title: "Status", value: (trial) => trial.status, view: (trial) => <Status trial={trial} /> },
    ...metricsOf(trials).map((name) => number(name, name, (trial) => trial.metrics[name]?.[statistic] ?? null)),
    ...parametersOf(trials).map((name) => number(name, name, (trial) => trial.parameters[name] ?? null)),
    number("seconds", "Seconds billed", (trial) => trial.seconds),
    {
      key: "created",
      title: "Started",
      value: (trial) => trial.created,
      view: (trial) => (trial.created ? relative(trial.created) : "–"),
    },
    { key: "job", title: "Job", value: (trial) => trial.job },
    { key: "reason", title: "Reason of failure", value: (trial) => trial.reason || null, view: reason },
  ];
}

function reason(trial: Trial) {
  return <span title={trial.reason}>{shortly(trial.reason || null, 60)}</span>;
}

const KINDS: Record<string, string> = { Completed: "good", Failed: "bad", Stopped: "warn" };

export function Status({ trial }: { trial: Trial }) {
  const running = trial.status === "InProgress" && trial.progress ? `, ${trial.progress}` : "";
  return (
    <span class={KINDS[trial.status] ?? ""} title={trial.reason}>
      {trial.status}
      {running}
    </span>
  );
}

function shortly(value: number | string | null, most = 24): string {
  if (value === null) return "–";
  if (typeof value === "string") return value.length > most ? `${value.slice(0, most - 1)}…` : value;
  return Number.isInteger(value) ? String(value) : value.toPrecision(4);
}
