// Models: a card per pipeline, with what is in production and what waits for a person.

import { readDriftStates } from "../drift";
import { instant } from "../format";
import { useLoaded } from "../load";
import { Card } from "../models/card";
import { loadRows } from "../models/rows";
import { readMonth } from "../costs";
import { Empty, Ready, type Page } from "../shell";

function Models() {
  const [loaded, refresh] = useLoaded(loadRows);
  const [drift] = useLoaded(readDriftStates);
  const [costs] = useLoaded(readMonth);
  return (
    <>
      <h1>Models</h1>
      <Ready
        loaded={loaded}
        view={({ rows, readAt, truncated }) =>
          rows.length ? (
            <>
              <p class="quiet">
                AWS was read at {instant(readAt)}.{truncated && " Of more than 300 versions, the newest are shown."}
              </p>
              <div class="cards">
                {rows.map((row) => (
                  <Card key={row.name} {...{ row, drift, costs, refresh }} />
                ))}
              </div>
            </>
          ) : (
            <Empty title="No model yet">
              No DAG has the tag “retraining”, and no version is registered. Add a pipeline, trigger its
              retrain DAG, and it appears here.
            </Empty>
          )
        }
      />
    </>
  );
}

export const models: Page = { route: "models", title: "Models", view: Models };
