// Costs: by pipeline, DAG, day and kind; what is billed now; runs with their bounds.

import { useCallback, useEffect, useMemo, useState } from "preact/hooks";
import { Chart } from "../chart";
import { Choice, Fact, useChosen } from "../controls";
import { readCosts, type Costs, type RunCost } from "../costs";
import { daysOption, DIMENSIONS, runsOption, type By } from "../costs/pictures";
import { BillingTable, RunTable, TotalTable } from "../costs/tables";
import { money, relative } from "../format";
import { kindOf } from "../jobs";
import { Reach, useGradually } from "../jobs/reach";
import { problemIn, type Problem } from "../load";
import { Empty, Failure, Ready, type Page } from "../shell";
import { bounds } from "../tasks";
import "../parts.css";

const SPANS: Record<string, string> = { 7: "Last 7 days", 30: "Last 30 days", 90: "Last 90 days" };
const DAYS = Object.keys(SPANS);
const BY = Object.keys(DIMENSIONS) as By[];
const RUNS = 20;

function CostsPage() {
  const [days, choose] = useChosen("days", DAYS, "30");
  const load = useCallback(() => readCosts(days), [days]);
  const [loaded] = useGradually(load);
  return (
    <>
      <h1>Costs</h1>
      <Ready loaded={loaded} view={(costs) => <Overview costs={costs} days={days} choose={choose} />} />
    </>
  );
}

function Overview(props: { costs: Costs; days: string; choose: (days: string) => void }) {
  const { costs, days, choose } = props;
  const hourly = costs.billing.reduce((sum, item) => sum + (item.usd_per_hour ?? 0), 0);
  const month = costs.read_at.slice(0, 7);
  const ofMonth = costs.rows.filter((row) => row.day.startsWith(month)).reduce((sum, row) => sum + row.usd, 0);
  return (
    <>
      <section class="card" aria-labelledby="now">
        <header>
          <h2 id="now">Now</h2>
          <span class="quiet">read {relative(costs.read_at)}</span>
        </header>
        <dl>
          <Fact name="This month">{money(ofMonth)} so far</Fact>
          <Fact name="Billed now">
            {money(hourly)} an hour, {money(24 * hourly)} a day if it stays so
          </Fact>
          <Fact name="Prices">
            {costs.prices_as_of
              ? `list prices of ${costs.prices_as_of}, without taxes, discounts, storage and requests`
              : "none: set PRODML_PRICES to a table such as include/data/prices.json"}
          </Fact>
        </dl>
        {costs.unpriced.length > 0 && (
          <p class="warn">
            Without a price, and so left out: {costs.unpriced.join(", ")}. Add them to the file that PRODML_PRICES names.
          </p>
        )}
      </section>
      <Reach read={costs} />
      {costs.unread > 0 && (
        <p class="quiet" role="status">
          The prices of {costs.unread} endpoints follow within minutes.
        </p>
      )}
      {costs.rows.length ? (
        <History costs={costs} days={days} choose={choose} />
      ) : (
        <Empty title="No cost yet">
          No job or endpoint of this deployment was billed in this time. Trigger a retrain DAG, or choose a longer time.
        </Empty>
      )}
      <BilledNow costs={costs} />
      {costs.runs.length > 0 && <Runs runs={costs.runs} />}
    </>
  );
}

function BilledNow({ costs }: { costs: Costs }) {
  return (
    <section aria-labelledby="billing">
      <h2 id="billing">Billed now ({costs.billing.length})</h2>
      {costs.billing.length ? (
        <BillingTable billing={costs.billing} />
      ) : (
        <p class="quiet">Nothing is billed by the hour: no job runs, and there is no endpoint.</p>
      )}
    </section>
  );
}

function History(props: { costs: Costs; days: string; choose: (days: string) => void }) {
  const { costs, days, choose } = props;
  const [by, divide] = useChosen("by", BY);
  const start = useMemo(() => startOf(costs, Number(days)), [costs, days]);
  const rows = useMemo(() => costs.rows.filter((row) => row.day >= start), [costs, start]);
  const title = useCallback((name: string) => (by === "kind" ? kindOf(name) : name || "no DAG"), [by]);
  const option = useMemo(() => daysOption(rows, by, start, costs.read_at, title), [rows, by, start, costs, title]);
  const total = rows.reduce((sum, row) => sum + row.usd, 0);
  return (
    <section aria-labelledby="days">
      <h2 id="days">By day</h2>
      <div class="fields">
        <Choice label="Divide by" value={by} options={BY} choose={divide} title={(each) => DIMENSIONS[each]} />
        <Choice label="Time" value={days} options={DAYS} choose={choose} title={(each) => SPANS[each]!} />
      </div>
      <p>
        {SPANS[days]}: <strong>{money(total)}</strong>
      </p>
      <Chart
        option={option}
        label={`Cost of each day since ${start} in US dollars by ${DIMENSIONS[by]}, ${money(total)} in all; the table below has the sums`}
        height={320}
      />
      <div class="narrow">
        <TotalTable rows={rows} by={by} title={title} />
      </div>
    </section>
  );
}

/** Return the first day that is shown. */
function startOf(costs: Costs, days: number): string {
  return new Date(Date.parse(costs.read_at) - (days - 1) * 86_400_000).toISOString().slice(0, 10);
}

function Runs({ runs }: { runs: RunCost[] }) {
  const newest = useMemo(() => runs.slice(0, RUNS), [runs]);
  const [stated, state] = useState<Map<string, number>>(() => new Map());
  const [problem, explain] = useState<Problem | null>(null);
  useEffect(() => {
    bounds(newest).then(
      (known) => {
        state(known);
        explain(null);
      },
      (error: unknown) => explain(problemIn(error)),
    );
  }, [newest]);
  const bound = useCallback((run: RunCost) => stated.get(`${run.dag} ${run.run}`) ?? run.usd_at_most, [stated]);
  const option = useMemo(() => runsOption([...newest].reverse(), bound), [newest, bound]);
  return (
    <section aria-labelledby="runs">
      <h2 id="runs">Bound against actual</h2>
      <p class="quiet">
        The bound of a run is what its task check_budget allowed before the first job; of other runs, what their jobs cost
        at their time limits.
      </p>
      {problem && <Failure problem={problem} />}
      <Chart
        option={option}
        label={`Actual cost and bound of the last ${newest.length} runs in US dollars; the table below has the values`}
        height={300}
      />
      <RunTable runs={newest} bound={bound} />
    </section>
  );
}

export const costs: Page = { route: "costs", title: "Costs", view: CostsPage };
