// Models: a card per pipeline, with what is in production and what waits for a person.

import { useMemo } from "preact/hooks";
import { readModels, type Models as Read } from "../api";
import { readMonth } from "../costs";
import { readDriftStates } from "../drift";
import { useLoaded, type Loaded } from "../load";
import { Card } from "../models/card";
import { readKnown, rowsOf, type Known } from "../models/rows";
import { Empty, Failure, Loading, Ready, type Page } from "../shell";

function Models() {
  const [loaded, readAgain] = useLoaded(readModels);
  const [known, askAgain] = useLoaded(readKnown);
  const refresh = () => {
    readAgain();
    askAgain();
  };
  return (
    <>
      <h1>Models</h1>
      <Ready loaded={loaded} view={(models) => <Cards {...{ models, known, refresh }} />} />
    </>
  );
}

function Cards(props: { models: Read; known: Loaded<Known>; refresh: () => void }) {
  const { models, known, refresh } = props;
  const [drift] = useLoaded(readDriftStates);
  const [costs] = useLoaded(readMonth);
  const rows = useMemo(() => rowsOf(models, known), [models, known]);
  if (!rows.length && known.state === "loading") return <Loading />;
  const problem = known.state === "loading" ? null : known.problem;
  return (
    <>
      {problem && <Failure problem={problem} />}
      {rows.length ? (
        <>
          {models.truncated && <p class="quiet">Of more than 300 versions, the newest are shown.</p>}
          <div class="cards">
            {rows.map((row) => (
              <Card key={row.name} {...{ row, drift, costs, refresh }} />
            ))}
          </div>
        </>
      ) : (
        <Empty title="No model yet">
          No DAG has the tag “retraining”, and no version is registered. Add a pipeline, trigger its retrain DAG, and it
          appears here.
        </Empty>
      )}
    </>
  );
}

export const models: Page = { route: "models", title: "Models", view: Models };
