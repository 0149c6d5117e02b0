// Drift: the windows of an endpoint by columns, the trend of one, and each window's report.

import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { Chart } from "../chart";
import { Choice, useChosen } from "../controls";
import { OUTCOME_CLASSES, readHistories, readWindows, reportPage, type Watched, type Window } from "../drift";
import { columnsOf, measuresOf } from "../drift/measures";
import { heatOption, hour, OUTCOME_SHADES, shades, trendOption } from "../drift/pictures";
import { useLoaded } from "../load";
import { Empty, Ready, type Page } from "../shell";
import { Table, type Column, type Order } from "../table";
import { theme } from "../theme";
import "../parts.css";

const MOST = 30; // columns of the heat map
const COUNTS: Record<string, string> = { 24: "24 windows", 60: "60 windows", 168: "168 windows" };
const LAST = Object.keys(COUNTS);
const FIRST = "24"; // windows that are drawn first

function Drift() {
  const [first, showFirst] = useState<Watched[] | null>(named);
  const isFirst = useRef(!first);
  const load = useCallback(async () => {
    // A list of all is a call of S3 for each pipeline.
    const some = isFirst.current ? await readHistories(1) : [];
    if (isFirst.current && some.length !== 1) return some; // none, or those of a summary
    if (isFirst.current) showFirst(some);
    isFirst.current = false;
    return readHistories();
  }, []);
  const [loaded] = useLoaded(load, 600);
  const shown = loaded.state === "loading" && first ? ({ state: "ready", data: first } as const) : loaded;
  return (
    <>
      <h1>Drift</h1>
      <Ready
        loaded={shown}
        view={(histories) =>
          histories.length ? (
            <Chooser histories={histories} />
          ) : (
            <Empty title="No drift check yet">
              Unpause a DAG such as check_churn_drift: it checks the captured traffic of each hour, and the verdicts appear
              here.
            </Empty>
          )
        }
      />
    </>
  );
}

/** Return the endpoint that the address names, which need not be looked for. */
function named(): Watched[] | null {
  const [, pipeline, endpoint] = /^([\w-]+)\/([\w-]+)$/.exec(new URLSearchParams(location.search).get("endpoint") ?? "") ?? [];
  return pipeline && endpoint ? [{ pipeline, endpoint }] : null;
}

function Chooser({ histories }: { histories: Watched[] }) {
  const names = histories.map(({ pipeline, endpoint }) => `${pipeline}/${endpoint}`);
  const [name, ask] = useChosen("endpoint", names);
  const [most, choose] = useChosen("windows", LAST, "60");
  return (
    <>
      <div class="fields">
        <Choice
          label="Endpoint"
          value={name}
          options={names}
          choose={ask}
          title={(each) => {
            const [pipeline, endpoint] = each.split("/");
            return pipeline === endpoint ? endpoint! : `${endpoint} of ${pipeline}`;
          }}
        />
        <Choice label="Show the last" value={most} options={LAST} choose={choose} title={(each) => COUNTS[each]!} />
      </div>
      <History key={name} watched={histories[names.indexOf(name)]!} most={most} />
    </>
  );
}

function History({ watched, most }: { watched: Watched; most: string }) {
  const { pipeline, endpoint } = watched;
  const [newest, showNewest] = useState<Window[] | null>(null);
  const load = useCallback(async () => {
    // Each window that the server has not read yet is a call of S3.
    const some = await readWindows({ pipeline, endpoint }, FIRST);
    if (some.length < Number(FIRST) || most === FIRST) return some;
    showNewest(some);
    return readWindows({ pipeline, endpoint }, most);
  }, [pipeline, endpoint, most]);
  const [loaded] = useLoaded(load);
  const shown = loaded.state === "loading" && newest ? ({ state: "ready", data: newest } as const) : loaded;
  return (
    <Ready
      loaded={shown}
      view={(windows) =>
        windows.length ? (
          <Windows watched={watched} windows={windows} />
        ) : (
          <Empty title="No window yet">The checks of this endpoint have not judged a window. Trigger its check.</Empty>
        )
      }
    />
  );
}

function Windows({ watched, windows }: { watched: Watched; windows: Window[] }) {
  const columns = useMemo(() => columnsOf(windows), [windows]);
  const measures = useMemo(() => measuresOf(windows, columns), [windows, columns]);
  const [asked, ask] = useState("");
  const measure = measures.find(({ name }) => name === asked) ?? measures[0];
  const [heat, rows] = useMemo(() => heatOption(windows, columns.slice(0, MOST)), [windows, columns]);
  const trend = useMemo(() => measure && trendOption(windows, measure), [windows, measure]);
  const last = windows.at(-1)!;
  const alerts = windows.filter((window) => window.outcome === "ALERT").length;
  return (
    <>
      <p>
        The last window, until {hour(last.end)} UTC, is <strong class={OUTCOME_CLASSES[last.outcome] ?? ""}>{last.outcome}</strong>.{" "}
        {last.why}
      </p>
      <section aria-labelledby="heat">
        <h2 id="heat">Columns by window</h2>
        {columns.length > MOST && (
          <p class="quiet">
            The {MOST} columns that moved farthest are shown, of {columns.length}.
          </p>
        )}
        <Chart
          option={heat}
          label={`Drift of ${Math.min(columns.length, MOST)} columns in ${windows.length} windows, of which ${alerts} alert; the table below has the verdicts`}
          height={40 + 24 * rows}
        />
        <Legend title="Columns" shades={shades(theme() === "dark")} />
        <Legend title="Verdicts" shades={OUTCOME_SHADES} />
      </section>
      {measure && trend && (
        <section aria-labelledby="trend">
          <h2 id="trend">Trend with its thresholds</h2>
          <div class="fields">
            <Choice label="Show" value={measure.name} options={measures.map(({ name }) => name)} choose={ask} />
          </div>
          <Chart
            option={trend}
            label={`${measure.isDistance ? "Distance of " : ""}${measure.name} with its thresholds, by window`}
            height={280}
          />
        </section>
      )}
      <Verdicts watched={watched} windows={windows} />
    </>
  );
}

function Legend(props: { title: string; shades: { label: string; color: string }[] }) {
  return (
    <p class="legend">
      {props.title}:
      {props.shades.map(({ label, color }) => (
        <span key={label}>
          <i style={{ background: color }} />
          {label}
        </span>
      ))}
    </p>
  );
}

function Verdicts({ watched, windows }: { watched: Watched; windows: Window[] }) {
  const [order, setOrder] = useState<Order>({ key: "end", ascending: false });
  const columns = useMemo(() => columnsOfTable(watched), [watched]);
  return (
    <section aria-labelledby="windows">
      <h2 id="windows">Windows</h2>
      <Table label="Table of windows" columns={columns} rows={windows} keyOf={(window) => window.stamp} {...{ order, setOrder }} />
    </section>
  );
}

function columnsOfTable(watched: Watched): Column<Window>[] {
  const outcome = (text: string) => <span class={OUTCOME_CLASSES[text] ?? "quiet"}>{text || "–"}</span>;
  return [
    { key: "end", title: "Until (UTC)", value: (window) => window.end, view: (window) => hour(window.end) },
    { key: "outcome", title: "Verdict", value: (window) => window.outcome, view: (window) => outcome(window.outcome) },
    { key: "rows", title: "Rows", value: (window) => window.rows, numeric: true },
    {
      key: "report",
      title: "Report",
      value: (window) => (window.has_report ? 0 : 1),
      view: (window) =>
        window.has_report ? (
          <a href={reportPage(watched, window)} aria-label={`Report of the window until ${hour(window.end)}`}>
            Report
          </a>
        ) : (
          "–"
        ),
    },
    { key: "alerting", title: "Alerting columns", value: (window) => window.alerting.join(", ") || null },
    {
      key: "quality",
      title: "Model quality",
      value: (window) => window.model_quality || null,
      view: (window) => outcome(window.model_quality),
    },
    { key: "action", title: "Action", value: (window) => window.action.replaceAll("_", " ") },
    { key: "why", title: "Why", value: (window) => window.reason || window.why },
  ];
}

export const drift: Page = { route: "drift", title: "Drift", view: Drift };
