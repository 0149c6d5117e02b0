// A form that sends one record to the endpoint or component of a model, and the answers that came.

import { useCallback, useState } from "preact/hooks";
import { runPage, type DagRun } from "../airflow";
import { answerOf, ask, dagOf, formOf, type Answer, type Column, type Form, type Value } from "../asking";
import { Choice } from "../controls";
import { LoadError, problemIn, useLoaded, type Problem } from "../load";
import { Listing } from "../parts";
import { Failure, Ready } from "../shell";
import "./ask.css";

const MOST_FIELDS = 40; // columns; more are edited as JSON
const SELDOM = 24 * 3600; // seconds: the form does not change while it is filled in
const WEIGHTS = "";

type Values = Record<string, Value>;

export function Ask({ model, variants }: { model: string; variants: string[] }) {
  const load = useCallback(() => formOf(model), [model]);
  const [loaded] = useLoaded(load, SELDOM);
  return (
    <section class="card" aria-labelledby="ask">
      <h2 id="ask">Ask it</h2>
      <Ready
        loaded={loaded}
        view={(form) =>
          form ? (
            <Fields form={form} variants={variants} />
          ) : (
            <p>
              There is no DAG {dagOf(model)} that you may read. Ask for a role that may, or add the DAG: docs/how-to/studio.md
              says how.
            </p>
          )
        }
      />
    </section>
  );
}

interface Asked {
  run: DagRun;
  answer: Answer | null | undefined; // undefined while the run goes on
}

function Fields({ form, variants }: { form: Form; variants: string[] }) {
  const [record, setRecord] = useState<Values>(form.example);
  const [text, setText] = useState<string | null>(form.columns.length > MOST_FIELDS ? pretty(form.example) : null);
  const [variant, setVariant] = useState(WEIGHTS);
  const [asked, setAsked] = useState<Asked[]>([]);
  const [problem, fail] = useState<Problem | null>(null);
  const [sending, send] = useState(false);

  const submit = async (event: Event) => {
    event.preventDefault();
    send(true);
    fail(null);
    try {
      const run = await ask(form.dag.dag_id, text === null ? record : parsed(text), variant || null);
      const settle = (answer: Answer | null | undefined) =>
        setAsked((before) => [{ run, answer }, ...before.filter((one) => one.run.dag_run_id !== run.dag_run_id)]);
      settle(undefined);
      send(false);
      settle(await answerOf(run));
    } catch (error) {
      fail(problemIn(error));
      setAsked((before) => before.filter((one) => one.answer !== undefined));
      send(false);
    }
  };
  const turn = () => {
    if (text === null) return setText(pretty(record));
    try {
      setRecord(parsed(text) as Values);
      setText(null);
      fail(null);
    } catch (error) {
      fail(problemIn(error));
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <p class="quiet">
        {form.dag.dag_id} sends the record as you, and drift checks leave it out. It is kept in Airflow's database and in the data
        capture: send no real person's data.
      </p>
      {form.dag.is_paused && <p class="warn">{form.dag.dag_id} is paused: the record waits until it is unpaused in Airflow.</p>}
      {text === null ? (
        <div class="record">
          {form.columns.map((column) => (
            <Field
              key={column.name}
              column={column}
              value={record[column.name] ?? null}
              change={(value) => setRecord({ ...record, [column.name]: value })}
            />
          ))}
        </div>
      ) : (
        <label class="field">
          Record, as JSON
          <textarea rows={12} spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
      )}
      <div class="fields">
        {variants.length > 1 && (
          <Choice
            label="Variant"
            value={variant}
            options={[WEIGHTS, ...variants]}
            choose={setVariant}
            title={(name) => name || "by the weights"}
          />
        )}
        <button type="submit" class="primary" disabled={sending}>
          Send
        </button>
        <button type="button" onClick={turn}>
          {text === null ? "Edit as JSON" : "Edit by column"}
        </button>
        <button
          type="button"
          onClick={() => {
            setRecord(form.example);
            if (text !== null) setText(pretty(form.example));
          }}
        >
          Example
        </button>
      </div>
      {problem && <Failure problem={problem} />}
      {asked.length > 0 && <Answers asked={asked} />}
    </form>
  );
}

function Field(props: { column: Column; value: Value; change: (value: Value) => void }) {
  const { column, value, change } = props;
  const shown = value === null ? "" : String(value);
  return (
    <label class="field">
      <span title={column.kind}>{column.name}</span>
      {column.known.length ? (
        <select value={shown} onChange={(event) => change(event.currentTarget.value)}>
          {[...new Set([shown, ...column.known])].sort().map((known) => (
            <option key={known}>{known}</option>
          ))}
        </select>
      ) : (
        <input inputMode="decimal" value={shown} onInput={(event) => change(typed(event.currentTarget.value))} />
      )}
    </label>
  );
}

/** Return what a person typed as a number, if it is one; the endpoint says what is wrong otherwise. */
function typed(text: string): Value {
  const number = Number(text);
  return text.trim() === "" ? null : Number.isFinite(number) && !text.endsWith(".") ? number : text;
}

const pretty = (record: Values) => JSON.stringify(record, null, 1);

function parsed(text: string): unknown {
  const record: unknown = json(text);
  if (record && typeof record === "object" && !Array.isArray(record)) return record;
  throw new LoadError({ error: "The record is not one JSON object.", remedy: "Correct it, or start from the example." });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function Answers({ asked }: { asked: Asked[] }) {
  return (
    <div aria-live="polite">
      <Listing id="answers" title="Answers" heads={["Answer", "Status", "Variant", "Milliseconds", "Run"]}>
        {asked.map(({ run, answer }) => (
          <tr key={run.dag_run_id}>
            <td class="wrap">
              {answer ? (
                <code>{answer.answer || "an empty answer"}</code>
              ) : answer === undefined ? (
                <span class="quiet">The run has started; the answer comes in seconds …</span>
              ) : (
                <span class="bad">No answer. Open the run, and read the log of its task.</span>
              )}
            </td>
            <td class={answer ? (answer.status === 200 ? "good" : "bad") : ""}>{answer?.status ?? "–"}</td>
            <td>{answer?.variant ?? "–"}</td>
            <td>{answer?.milliseconds ?? "–"}</td>
            <td>
              <a href={runPage(run.dag_id, run.dag_run_id)} target="_top">
                {run.dag_id}
              </a>
            </td>
          </tr>
        ))}
      </Listing>
    </div>
  );
}
