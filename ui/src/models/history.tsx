// Deployments and rollbacks of a model: a time line, and the same as a table.

import { useCallback, useMemo, useState } from "preact/hooks";
import { runPage } from "../airflow";
import { Chart } from "../chart";
import { instant } from "../format";
import { useLoaded } from "../load";
import { Ready } from "../shell";
import { Table, type Column, type Order } from "../table";
import { readChanges, type Change } from "./deployments";
import { spansOf, timelineOption } from "./timeline";

const KINDS: Record<string, string> = { deployed: "good", "rolled back": "bad", failed: "warn", deleted: "quiet" };

export function History({ model }: { model: string }) {
  const load = useCallback(() => readChanges(model), [model]);
  const [loaded] = useLoaded(load);
  return (
    <section aria-labelledby="history">
      <h2 id="history">In production</h2>
      <Ready
        loaded={loaded}
        view={(changes) =>
          changes.length ? (
            <Changes model={model} changes={changes} />
          ) : (
            <p class="quiet">
              No version was deployed, as far as Airflow’s runs and AWS know. Approve a version, or trigger deploy_model.
            </p>
          )
        }
      />
    </section>
  );
}

function Changes({ model, changes }: { model: string; changes: Change[] }) {
  const option = useMemo(() => timelineOption(changes), [changes]);
  const [order, setOrder] = useState<Order>({ key: "at", ascending: false });
  const rows = new Set(changes.map(({ version }) => version)).size;
  const bad = changes.filter(({ kind }) => kind === "rolled back").length;
  const says = `Versions of ${model} in production over time: ${spansOf(changes).length} spans, ${bad} rolled back; the table below has the same`;
  return (
    <>
      <Chart option={option} label={says} height={120 + 34 * rows} />
      <Table label="Deployments" columns={COLUMNS} rows={changes} keyOf={keyOf} {...{ order, setOrder }} height={260} />
    </>
  );
}

const keyOf = ({ at, kind, version }: Change) => `${at} ${kind} ${version}`;

const COLUMNS: Column<Change>[] = [
  { key: "at", title: "When", value: ({ at }) => at, view: ({ at }) => instant(at) },
  { key: "version", title: "Version", value: ({ version }) => version, numeric: true },
  {
    key: "kind",
    title: "What happened",
    value: ({ kind }) => kind,
    view: ({ kind }) => <span class={KINDS[kind] ?? ""}>{kind}</span>,
  },
  {
    key: "run",
    title: "By",
    value: ({ dag, run }) => `${dag} ${run}`.trim() || null,
    view: ({ dag, run }) =>
      dag ? (
        <a href={runPage(dag, run)} target="_top">
          {dag}, {run}
        </a>
      ) : (
        "another tool"
      ),
  },
];
