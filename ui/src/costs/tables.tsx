// Tables of costs: what is billed now, totals, and runs with their bounds.

import { runPage } from "../airflow";
import type { Billing, CostRow, RunCost } from "../costs";
import { money } from "../format";
import { kindOf } from "../jobs";
import { Grid, Time } from "../parts";
import { DIMENSIONS, totals, type By } from "./pictures";

function Run({ dag, run, text }: { dag: string; run: string; text: string }) {
  if (!dag) return <>–</>;
  return (
    <a href={runPage(dag, run)} target="_top">
      {text}
    </a>
  );
}

export function BillingTable({ billing }: { billing: Billing[] }) {
  const heads = ["What", "Name", "Pipeline", "Started by", "Since", "Instances", "USD an hour", "So far"];
  const sorted = [...billing].sort((left, right) => (right.usd_per_hour ?? Infinity) - (left.usd_per_hour ?? Infinity));
  return (
    <Grid label="billed now" heads={heads} numbers={2}>
      {sorted.map((item) => (
        <tr key={item.kind + item.name}>
          <td>{kindOf(item.kind)}</td>
          <th scope="row">
            <a href={item.kind === "Endpoint" ? `endpoints?endpoint=${item.name}` : `jobs?job=${item.name}`}>{item.name}</a>
          </th>
          <td>{item.pipeline || "–"}</td>
          <td>
            <Run dag={item.dag} run={item.run} text={item.dag} />
          </td>
          <td>{item.since ? <Time at={item.since} /> : "waiting"}</td>
          <td>
            {item.instances} × {item.instance_types.join(", ") || "unknown"}
          </td>
          <td class="number">{money(item.usd_per_hour)}</td>
          <td class="number">{money(item.usd)}</td>
        </tr>
      ))}
    </Grid>
  );
}

export function TotalTable({ rows, by, title }: { rows: CostRow[]; by: By; title: (name: string) => string }) {
  const sums = totals(rows, by);
  const total = sums.reduce((sum, [, usd]) => sum + usd, 0);
  return (
    <Grid label="totals" heads={[DIMENSIONS[by], "Cost", "Share"]} numbers={2}>
      {sums.map(([name, usd]) => (
        <tr key={name}>
          <th scope="row">{title(name)}</th>
          <td class="number">{money(usd)}</td>
          <td class="number">{total ? `${Math.round((100 * usd) / total)} %` : "–"}</td>
        </tr>
      ))}
    </Grid>
  );
}

export function RunTable({ runs, bound }: { runs: RunCost[]; bound: (run: RunCost) => number | null }) {
  const heads = ["Run", "Pipeline", "First job", "Jobs", "Actual", "Bound", "Used"];
  return (
    <Grid label="runs" heads={heads} numbers={4}>
      {runs.map((run) => {
        const most = bound(run);
        const used = most ? (100 * run.usd) / most : null;
        return (
          <tr key={`${run.dag} ${run.run}`}>
            <th scope="row">
              <Run dag={run.dag} run={run.run} text={`${run.dag}, ${run.run}`} />
            </th>
            <td>{run.pipeline}</td>
            <td>
              <Time at={run.created} />
            </td>
            <td class="number">
              {run.jobs}
              {run.running > 0 && `, ${run.running} running`}
            </td>
            <td class="number">{money(run.usd)}</td>
            <td class="number">{money(most)}</td>
            <td class={`number ${used !== null && used > 100 ? "bad" : ""}`}>
              {used === null ? "–" : used < 1 ? "<1 %" : `${Math.round(used)} %`}
            </td>
          </tr>
        );
      })}
    </Grid>
  );
}
