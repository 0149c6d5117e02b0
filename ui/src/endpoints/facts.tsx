// Tables of an endpoint: variants, scaling, alarms, deployments.

import { runPage } from "../airflow";
import type { Activity, Alarm, Deployments, Target, Variant } from "../endpoint";
import { money } from "../format";
import { Listing, Time } from "../parts";

export function Variants({ variants }: { variants: Variant[] }) {
  const total = variants.reduce((sum, variant) => sum + (variant.shadow ? 0 : variant.weight), 0);
  const heads = ["Variant", "Share of requests", "Instances running", "Asked for", "Type", "USD an hour", "Model", "Image"];
  return (
    <Listing id="variants" title="Variants" heads={heads}>
      {variants.map((variant) => (
        <tr key={variant.name}>
          <th scope="row">
            {variant.name}
            {variant.shadow && " (shadow)"}
          </th>
          <td>{variant.shadow ? "copies" : total ? `${Math.round((100 * variant.weight) / total)} %` : "–"}</td>
          <td class={variant.instances < variant.desired ? "warn" : ""}>
            {variant.serverless ? "serverless" : variant.instances}
          </td>
          <td>{variant.serverless ? "–" : variant.desired}</td>
          <td>{variant.instance_type || "–"}</td>
          <td>{money(variant.usd_per_hour)}</td>
          <td>{variant.model}</td>
          <td title={variant.image}>{variant.image.split("/").pop()}</td>
        </tr>
      ))}
    </Listing>
  );
}

export function ScalingTargets({ targets }: { targets: Target[] }) {
  if (!targets.length) {
    return (
      <section aria-labelledby="scaling">
        <h2 id="scaling">Scaling</h2>
        <p class="quiet">Nothing scales: instances and copies stay as they were asked for.</p>
      </section>
    );
  }
  return (
    <Listing id="scaling" title="Scaling" heads={["What", "Instances or copies", "Policy", "Metric", "Target"]}>
      {targets.map((target) => (
        <tr key={target.scaled + target.policy}>
          <th scope="row">{target.scaled}</th>
          <td>
            {target.least} to {target.most}
            {target.suspended && <span class="warn"> suspended</span>}
          </td>
          <td>{target.policy || "none"}</td>
          <td>{target.metric || target.kind || "–"}</td>
          <td>{target.value ?? "–"}</td>
        </tr>
      ))}
    </Listing>
  );
}

export function Activities({ activities }: { activities: Activity[] }) {
  if (!activities.length) return null;
  return (
    <Listing id="activities" title="Scaling activities" heads={["When", "What", "Change", "Status", "Cause"]}>
      {activities.map((activity) => (
        <tr key={`${activity.started}${activity.description}`}>
          <td>
            <Time at={activity.started} />
          </td>
          <td>{activity.scaled}</td>
          <td>{activity.not_scaled.length ? `Not scaled: ${activity.not_scaled.join(", ")}` : activity.description}</td>
          <td>{activity.status}</td>
          <td class="wrap">{activity.cause}</td>
        </tr>
      ))}
    </Listing>
  );
}

const STATES: Record<string, string> = { ALARM: "bad", OK: "good" };

export function Alarms({ alarms }: { alarms: Alarm[] }) {
  if (!alarms.length) return null;
  return (
    <Listing id="alarms" title="Alarms" heads={["Alarm", "State", "Since", "Use", "Condition", "Reason"]}>
      {alarms.map((alarm) => (
        <tr key={alarm.name}>
          <th scope="row" class="wrap">
            {alarm.name}
          </th>
          <td class={alarm.use === "scaling" ? "quiet" : (STATES[alarm.state] ?? "quiet")}>{alarm.state}</td>
          <td>
            <Time at={alarm.since} />
          </td>
          <td>{alarm.use}</td>
          <td>{condition(alarm)}</td>
          <td class="wrap">{alarm.reason}</td>
        </tr>
      ))}
    </Listing>
  );
}

const SIGNS: [RegExp, string][] = [
  [/^GreaterThanOrEqual/, "≥"],
  [/^GreaterThan/, ">"],
  [/^LessThanOrEqual/, "≤"],
  [/^LessThan/, "<"],
];

function condition(alarm: Alarm): string {
  const sign = SIGNS.find(([pattern]) => pattern.test(alarm.comparison))?.[1] ?? alarm.comparison;
  return `${alarm.statistic} ${alarm.metric} ${sign} ${alarm.threshold ?? "?"}`;
}

const KINDS: Record<string, string> = { "in service": "good", "never verified": "bad", "in progress": "warn" };

export function History({ deployments, alarms }: { deployments: Deployments; alarms: Alarm[] }) {
  const { strategy, rollback_alarms, history } = deployments;
  const watching = rollback_alarms.map((name) => `${name} (${alarms.find((alarm) => alarm.name === name)?.state ?? "deleted"})`);
  return (
    <>
      <Listing id="deployments" title="Deployments" heads={["Configuration", "State", "Made", "Verified", "Run"]}>
        {history.map((deployment) => (
          <tr key={deployment.config}>
            <th scope="row">{deployment.config}</th>
            <td class={KINDS[deployment.state] ?? ""}>{deployment.state}</td>
            <td>
              <Time at={deployment.created} />
            </td>
            <td>
              <Time at={deployment.verified} />
            </td>
            <td>
              {deployment.dag ? (
                <a href={runPage(deployment.dag, deployment.run)} target="_top">
                  {deployment.dag}
                </a>
              ) : (
                "–"
              )}
            </td>
          </tr>
        ))}
      </Listing>
      <p class="quiet">
        The last update shifted traffic {strategy}
        {watching.length ? `; ${watching.join(" and ")} would have rolled it back.` : ", without alarms that roll it back."}
      </p>
    </>
  );
}
