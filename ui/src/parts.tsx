// Small parts that pages share: a time, the status of an endpoint, and plain tables.

import type { ComponentChildren } from "preact";
import { instant, relative } from "./format";

export function Time({ at }: { at: string | null }) {
  if (!at) return <>–</>;
  return (
    <time dateTime={at} title={instant(at)}>
      {relative(at)}
    </time>
  );
}

const KINDS: Record<string, string> = { InService: "good", Failed: "bad", UpdateRollbackFailed: "bad" };

export function Status({ endpoint }: { endpoint: { status: string; reason?: string | null } | null }) {
  if (!endpoint) return <span class="badge quiet">no endpoint</span>;
  const { status, reason } = endpoint;
  return (
    <span class={`badge ${KINDS[status] ?? "warn"}`} title={reason ?? ""}>
      {status}
    </span>
  );
}

/** Show a table whose last `numbers` columns are numbers. */
export function Grid(props: { label: string; heads: string[]; numbers?: number; children: ComponentChildren }) {
  const { label, heads, numbers = 0, children } = props;
  return (
    <div class="scroll" role="group" aria-label={`Table: ${label}`} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {heads.map((head, index) => (
              <th scope="col" key={head} class={index < heads.length - numbers ? "" : "number"}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** Show a table as a section of its own. */
export function Listing(props: { id: string; title: string; heads: string[]; children: ComponentChildren }) {
  const { id, title, heads, children } = props;
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <Grid label={title} heads={heads}>
        {children}
      </Grid>
    </section>
  );
}
