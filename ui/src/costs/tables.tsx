// Tables of costs: what is billed now, totals, and runs with their bounds.

import { runPage } from "../airflow";
import { money, type Billing, type CostRow, type RunCost } from "../costs";
import { instant, relative } from "../format";
import { kindOf } from "../jobs";
import { totals, type By } from "./pictures";

function Grid(props: { label: string; heads: [string, boolean][]; children: preact.ComponentChildren }) {
  return (
    <div class="scroll" role="group" aria-label={props.label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {props.heads.map(([head, numeric]) => (
              <th scope="col" key={head} class={numeric ? "number" : ""}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </div>
  );
}

function Run({ dag, run, text }: { dag: string; run: string; text: string }) {
  if (!dag) return <>–</>;
  return (
    <a href={runPage(dag, run)} target="_top">
      {text}
    </a>
  );
}

export function BillingTable({ billing }: { billing: Billing[] }) {
  const heads: [string, boolean][] = [
    ...(["What", "Name", "Pipeline", "Started by", "Since", "Instances"] as const).map((head): [string, boolean] => [head, false]),
    ["USD an hour", true],
    ["So far", true],
  ];
  const sorted = [...billing].sort((left, right) => (right.usd_per_hour ?? Infinity) - (left.usd_per_hour ?? Infinity));
  return (
    <Grid label="Table: billed now" heads={heads}>
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
          <td title={item.since ? instant(item.since) : ""}>{item.since ? relative(item.since) : "waiting"}</td>
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
    <Grid
      label="Table: totals"
      heads={[
        [by === "dag" ? "DAG" : by === "kind" ? "Kind" : "Pipeline", false],
        ["Cost", true],
        ["Share", true],
      ]}
    >
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
  const heads: [string, boolean][] = [
    ["Run", false],
    ["Pipeline", false],
    ["First job", false],
    ["Jobs", true],
    ["Actual", true],
    ["Bound", true],
    ["Used", true],
  ];
  return (
    <Grid label="Table: runs" heads={heads}>
      {runs.map((run) => {
        const most = bound(run);
        const used = most ? (100 * run.usd) / most : null;
        return (
          <tr key={`${run.dag} ${run.run}`}>
            <th scope="row">
              <Run dag={run.dag} run={run.run} text={`${run.dag}, ${run.run}`} />
            </th>
            <td>{run.pipeline}</td>
            <td title={run.created ? instant(run.created) : ""}>{run.created ? relative(run.created) : "–"}</td>
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
