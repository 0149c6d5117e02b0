// Versions of a model side by side, with their scorecards: those that are chosen.

import { useCallback, useMemo } from "preact/hooks";
import { reportPage, runPage } from "../airflow";
import { deciding, scoresOf, type ModelCard, type VersionCard } from "../api";
import { useAddress } from "../controls";
import { isLowerBetter } from "../experiments/board";
import { count, day, instant, score } from "../format";

const KINDS: Record<string, string> = { Approved: "good", Rejected: "bad" };
const FIRST = 4; // versions that are shown unless others are chosen

export function Versions({ model }: { model: ModelCard }) {
  const [shown, toggle] = useShown(model);
  const versions = model.versions.filter(({ version }) => shown.has(version));
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">Versions side by side</h2>
      <details>
        <summary>
          Choose versions: {shown.size} of {model.versions.length}
        </summary>
        <fieldset class="choices">
          <legend>Versions in the table</legend>
          {model.versions.map(({ version, approval }) => (
            <label key={version}>
              <input type="checkbox" checked={shown.has(version)} onChange={() => toggle(version)} />{" "}
              {version} <span class={KINDS[approval] ?? "warn"}>{short(approval)}</span>
            </label>
          ))}
        </fieldset>
      </details>
      {versions.length ? (
        <div class="scroll" tabIndex={0} role="region" aria-label="Versions">
          <SideBySide model={model} versions={versions} />
        </div>
      ) : (
        <p class="quiet">No version is chosen.</p>
      )}
    </section>
  );
}

/** Keep in the address which versions are shown: the newest ones and that in production at first. */
function useShown(model: ModelCard): [Set<number>, (version: number) => void] {
  const [asked, ask] = useAddress("versions", "");
  const shown = useMemo(() => {
    const numbers = model.versions.map(({ version }) => version);
    const chosen = asked ? asked.split(",").map(Number) : [...numbers.slice(0, FIRST), model.endpoint?.version ?? 0];
    return new Set(numbers.filter((number) => chosen.includes(number)));
  }, [model, asked]);
  const toggle = useCallback(
    (version: number) => {
      const next = new Set(shown);
      if (!next.delete(version)) next.add(version);
      ask([...next].join(",") || "none");
    },
    [shown, ask],
  );
  return [shown, toggle];
}

type Cell = (version: VersionCard) => preact.ComponentChildren;

/** Return a table with a column for each version, newest first, and a row for each fact. */
function SideBySide({ model, versions }: { model: ModelCard; versions: VersionCard[] }) {
  const judged = deciding(model);
  const serving = model.versions.find(({ version }) => version === model.endpoint?.version);
  const facts: [string, Cell][] = [
    ["status", (version) => <Status version={version} serving={version === serving} />],
    ["decided by", (version) => <Decision version={version} />],
  ];
  const others: [string, Cell][] = [
    ["why", (version) => <div class="why">{version.reason || "–"}</div>],
    ["trained on", window],
    ["rows", (version) => (version.rows == null ? "–" : count(version.rows))],
    ["trial", (version) => version.trial ?? "–"],
    ["registered", (version) => instant(version.created)],
    ["made by", (version) => <Run version={version} />],
  ];
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">version</th>
          {versions.map(({ version }) => (
            <th key={version} scope="col">
              {version}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {facts.map(([name, cell]) => (
          <Row key={name} name={name} versions={versions} cell={cell} />
        ))}
        {scoresOf(model).map((name) => (
          <Scores key={name} name={name} title={name === judged ? `${name} (decides)` : name} {...{ versions, serving }} />
        ))}
        {others.map(([name, cell]) => (
          <Row key={name} name={name} versions={versions} cell={cell} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ name, versions, cell }: { name: string; versions: VersionCard[]; cell: Cell }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {versions.map((version) => (
        <td key={version.version}>{cell(version)}</td>
      ))}
    </tr>
  );
}

/** Show a score of each version, the best one in bold, with the difference to that in production. */
function Scores(props: {
  name: string;
  title: string;
  versions: VersionCard[];
  serving: VersionCard | undefined;
}) {
  const { name, title, versions, serving } = props;
  const values = versions.map(({ scores }) => scores[name]).filter((value) => value !== undefined);
  const best = isLowerBetter(name) ? Math.min(...values) : Math.max(...values);
  const base = serving?.scores[name];
  return (
    <tr>
      <th scope="row">{title}</th>
      {versions.map((version) => {
        const value = version.scores[name];
        if (value === undefined) return <td key={version.version}>–</td>;
        const gain = version === serving || base === undefined ? null : value - base;
        return (
          <td key={version.version} class={value === best && values.length > 1 ? "best" : ""}>
            {score(value)}
            {gain !== null && <span class="quiet"> ({gain < 0 ? "−" : "+"}{score(Math.abs(gain))})</span>}
          </td>
        );
      })}
    </tr>
  );
}

function Status({ version, serving }: { version: VersionCard; serving: boolean }) {
  const { approval } = version;
  return (
    <>
      <span class={KINDS[approval] ?? "warn"}>{short(approval)}</span>
      {serving && <strong>, in production</strong>}
    </>
  );
}

const short = (approval: string) => (approval === "PendingManualApproval" ? "Pending" : approval);

/** Show who or what approved or rejected a version. */
function Decision({ version }: { version: VersionCard }) {
  const { approval, by, decided } = version;
  if (!KINDS[approval]) return <>not decided yet</>;
  return (
    <>
      {by || "not recorded"}
      {decided && <span class="quiet">, {instant(decided)}</span>}
    </>
  );
}

function window({ window_start, window_end }: VersionCard): string {
  return window_start && window_end ? `${day(window_start)} to ${day(window_end)}` : "–";
}

function Run({ version }: { version: VersionCard }) {
  const { dag, run, leaderboard } = version;
  if (!dag || !run) return <>–</>;
  return (
    <>
      <a href={runPage(dag, run)} target="_top">
        its run
      </a>
      {leaderboard && (
        <>
          {", "}
          <a href={reportPage(dag, run, leaderboard)} target="_blank" rel="noopener">
            leaderboard
          </a>
        </>
      )}
    </>
  );
}
