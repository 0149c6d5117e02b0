// Small parts that the pages of models share.

import type { EndpointCard } from "../api";
import { instant, relative } from "../format";

export function Status({ endpoint }: { endpoint: EndpointCard | null }) {
  if (!endpoint) return <span class="badge quiet">no endpoint</span>;
  const kinds: Record<string, string> = { InService: "good", Failed: "bad", UpdateRollbackFailed: "bad" };
  return (
    <span class={`badge ${kinds[endpoint.status] ?? "warn"}`} title={endpoint.reason ?? ""}>
      {endpoint.status}
    </span>
  );
}

export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={instant(at)}>
      {relative(at)}
    </time>
  );
}

export function Due({ at }: { at: string }) {
  return Date.parse(at) > Date.now() ? <Time at={at} /> : <>due now</>;
}
