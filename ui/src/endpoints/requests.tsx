// The newest requests of the data capture, which are read when a person asks for them.

import { useState } from "preact/hooks";
import { readRequests, type CapturedRequest, type CapturedRequests, type Cell } from "../endpoint_requests";
import type { Capture } from "../endpoint";
import { problemIn, type Loaded } from "../load";
import { Listing, Time } from "../parts";
import { Ready } from "../shell";

type Shown = Loaded<CapturedRequests | null>;

export function Requests({ endpoint, capture }: { endpoint: string; capture: Capture | null }) {
  const [loaded, set] = useState<Shown | null>(null);
  const load = () => {
    set({ state: "loading" });
    readRequests(endpoint).then(
      (data) => set({ state: "ready", data }),
      (error: unknown) => set({ state: "failed", problem: problemIn(error) }),
    );
  };
  return (
    <section aria-labelledby="captured">
      <h2 id="captured">Captured requests</h2>
      {!capture ? (
        <p class="quiet">This endpoint captures nothing. Deploy it with data_capture_uri.</p>
      ) : (
        <>
          <p class="quiet">
            {capture.enabled ? `${capture.percent} % of the requests` : "Captured until it was switched off"}, below{" "}
            <code>{capture.uri}</code>. AWS writes them after minutes. Personal columns are left out.
          </p>
          <div class="actions">
            <button type="button" disabled={loaded?.state === "loading"} onClick={load}>
              {loaded ? "Read again" : "Show the newest requests"}
            </button>
          </div>
          {loaded && <Ready loaded={loaded} view={(data) => <Answers data={data} />} />}
        </>
      )}
    </section>
  );
}

function Answers({ data }: { data: CapturedRequests | null }) {
  if (!data?.requests.length) {
    return <p class="quiet">Nothing is captured yet. Send a request, and read again once AWS has written it.</p>;
  }
  const columns = [...new Set(data.requests.flatMap((request) => Object.keys(request.values)))];
  const heads = ["Time", "Variant", "Answer", "Records", ...columns];
  return (
    <>
      <Listing id="newest" title="Newest requests" heads={heads}>
        {data.requests.map((request, index) => (
          <Row key={index} request={request} columns={columns} />
        ))}
      </Listing>
      <p class="quiet">
        {Math.ceil(data.read_bytes / 1024)} kB were read{data.cut && "; there are older requests"}.{" "}
        {data.personal.length > 0 && `Left out as personal: ${data.personal.join(", ")}.`}
      </p>
    </>
  );
}

function Row({ request, columns }: { request: CapturedRequest; columns: string[] }) {
  return (
    <tr>
      <td>
        <Time at={request.at} />
        {request.test && (
          <>
            {" "}
            <span class="badge quiet" title={`${request.inference_id}: drift checks leave it out`}>
              test
            </span>
          </>
        )}
        {!request.test && request.inference_id && <div class="quiet">{request.inference_id}</div>}
      </td>
      <td>{request.variant}</td>
      <td class="wrap">
        <code>{request.answer || "–"}</code>
      </td>
      <td title={`${request.type}, ${request.bytes} bytes`}>{request.records || "–"}</td>
      {request.hidden ? (
        <td class="quiet wrap" colSpan={Math.max(1, columns.length)}>
          {request.hidden} {request.type}, {request.bytes} bytes.
        </td>
      ) : (
        columns.map((name) => <td key={name}>{text(request.values[name])}</td>)
      )}
    </tr>
  );
}

function text(cell: Cell | undefined): string {
  return cell === undefined || cell === null ? "–" : String(cell);
}
