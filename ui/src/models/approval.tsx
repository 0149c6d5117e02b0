// A question that waits for an answer, with its scorecards; the answer goes to Airflow as the user.

import { useCallback, useState } from "preact/hooks";
import { answer, runPage, type Question } from "../airflow";
import { problemIn, type Problem } from "../load";
import { Markdown } from "../markdown";
import { Failure } from "../shell";

export function Approval({ question, refresh }: { question: Question; refresh: () => void }) {
  const [sending, send] = useState(false);
  const [problem, fail] = useState<Problem | null>(null);
  const choose = useCallback(
    async (option: string) => {
      send(true);
      fail(null);
      try {
        await answer(question, option);
        refresh();
      } catch (error) {
        fail(problemIn(error));
        send(false);
      }
    },
    [question, refresh],
  );
  const { dag_id, dag_run_id } = question.task_instance;
  return (
    <div class="question" role="group" aria-label={question.subject}>
      <strong>{question.subject}</strong>{" "}
      <a href={runPage(dag_id, dag_run_id)} target="_top">
        Its run
      </a>
      {question.body && (
        <details>
          <summary>Scorecards</summary>
          <div class="scroll" tabIndex={0} role="region" aria-label="Scorecards">
            <Markdown text={question.body} />
          </div>
        </details>
      )}
      <div class="actions">
        {question.options.map((option, index) => (
          <button
            key={option}
            type="button"
            class={index ? "" : "primary"}
            disabled={sending}
            onClick={() => void choose(option)}
          >
            {option}
          </button>
        ))}
      </div>
      {problem && <Failure problem={problem} />}
    </div>
  );
}
