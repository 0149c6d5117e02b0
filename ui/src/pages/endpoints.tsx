// Endpoints: what one serves, with which load and latency, how it scales, and what it costs.

import { useCallback, useMemo, useState } from "preact/hooks";
import { runPage } from "../airflow";
import { Chart } from "../chart";
import { Choice, Fact, useChosen } from "../controls";
import { readEndpoint, readEndpoints, readMetrics } from "../endpoint";
import type { Endpoint, EndpointMetrics, Summary } from "../endpoint";
import { Activities, Alarms, History, ScalingTargets, Variants } from "../endpoints/facts";
import { metricsOption, picturesOf, seriesOf, type Picture } from "../endpoints/pictures";
import { Ask } from "../endpoints/ask";
import { Components } from "../endpoints/components";
import { Requests } from "../endpoints/requests";
import { Test } from "../endpoints/running_test";
import { TearDown } from "../endpoints/tear_down";
import { money } from "../format";
import { useLoaded } from "../load";
import { Status, Time } from "../parts";
import { Empty, Ready, type Page } from "../shell";
import "../parts.css";

const SPANS: Record<string, string> = {
  1: "Last hour",
  3: "Last 3 hours",
  12: "Last 12 hours",
  24: "Last day",
  168: "Last week",
  720: "Last 30 days",
};
const HOURS = Object.keys(SPANS);

function Endpoints() {
  const [loaded] = useLoaded(readEndpoints);
  return (
    <>
      <h1>Endpoints</h1>
      <Ready
        loaded={loaded}
        view={(endpoints) =>
          endpoints.length ? (
            <Chooser endpoints={endpoints} />
          ) : (
            <Empty title="No endpoint">
              This deployment serves nothing. Trigger a retrain DAG, or deploy_model with a registered version.
            </Empty>
          )
        }
      />
    </>
  );
}

function Chooser({ endpoints }: { endpoints: Summary[] }) {
  const names = endpoints.map((endpoint) => endpoint.name);
  const [name, ask] = useChosen("endpoint", names);
  return (
    <>
      <div class="fields">
        <Choice
          label="Endpoint"
          value={name}
          options={names}
          choose={ask}
          title={(each) => `${each} (${endpoints.find((endpoint) => endpoint.name === each)?.status})`}
        />
      </div>
      <Chosen key={name} summary={endpoints.find((endpoint) => endpoint.name === name)!} />
    </>
  );
}

function Chosen({ summary }: { summary: Summary }) {
  const load = useCallback(() => readEndpoint(summary.name), [summary.name]);
  const [loaded] = useLoaded(load);
  return <Ready loaded={loaded} view={(endpoint) => <Details endpoint={endpoint} summary={summary} />} />;
}

function Details({ endpoint, summary }: { endpoint: Endpoint; summary: Summary }) {
  const hourly = money(endpoint.usd_per_hour);
  const [asks, show] = useState(false);
  return (
    <>
      <section class="card" aria-labelledby="endpoint">
        <header>
          <h2 id="endpoint">{endpoint.name}</h2>
          <Status endpoint={endpoint} />
        </header>
        {endpoint.failure && <p class="bad">{endpoint.failure}</p>}
        <dl>
          <Fact name="Costs">
            {endpoint.usd_per_hour === null
              ? "unknown: set PRODML_PRICES to a table with its instance types"
              : `${hourly} an hour, ${money(24 * endpoint.usd_per_hour)} a day`}
          </Fact>
          <Fact name="Last change">
            <Time at={endpoint.modified} />
          </Fact>
          {summary.dag && (
            <Fact name="Created by">
              <a href={runPage(summary.dag, summary.run)} target="_top">
                {summary.dag}
              </a>
            </Fact>
          )}
          <Fact name="Data capture">
            {endpoint.capture?.enabled ? `${endpoint.capture.percent} % of the requests` : "off"}
          </Fact>
        </dl>
        <div class="actions">
          <button type="button" aria-expanded={asks} onClick={() => show(!asks)}>
            Ask it
          </button>
          <TearDown endpoint={endpoint.name} components={endpoint.components.map(({ name }) => name)} hourly={hourly} />
        </div>
      </section>
      {asks && <Asking endpoint={endpoint} />}
      <Test endpoint={endpoint.name} />
      <Variants variants={endpoint.variants} />
      <Components components={endpoint.components} />
      <Metrics endpoint={endpoint} />
      <ScalingTargets targets={endpoint.scaling.targets} />
      <Activities activities={endpoint.scaling.activities} />
      <Alarms alarms={endpoint.alarms} />
      <History deployments={endpoint.deployments} alarms={endpoint.alarms} />
      <Requests endpoint={endpoint.name} capture={endpoint.capture} />
    </>
  );
}

/** Ask the endpoint's variants, or the inference component that is chosen: each has a DAG of its own. */
function Asking({ endpoint }: { endpoint: Endpoint }) {
  const components = endpoint.components.map((component) => component.name);
  const [component, choose] = useState(components[0] ?? "");
  const variants = endpoint.variants.filter((variant) => !variant.shadow).map((variant) => variant.name);
  if (!components.length) return <Ask model={endpoint.name} variants={variants} />;
  return (
    <>
      {components.length > 1 && (
        <div class="fields">
          <Choice label="Inference component" value={component} options={components} choose={choose} />
        </div>
      )}
      <Ask key={component} model={component} variants={[]} />
    </>
  );
}

function Metrics({ endpoint }: { endpoint: Endpoint }) {
  const [hours, choose] = useChosen("hours", HOURS, "3");
  const hasComponents = endpoint.components.length > 0;
  const served = (hasComponents ? endpoint.components : endpoint.variants).map(({ name }) => name).join(" ");
  const load = useCallback(
    () => readMetrics(endpoint.name, served.split(" "), hours, hasComponents),
    [endpoint.name, served, hours, hasComponents],
  );
  const [loaded] = useLoaded(load);
  return (
    <section aria-labelledby="metrics">
      <h2 id="metrics">Metrics</h2>
      <div class="fields">
        <Choice
          label="Time"
          value={hours}
          options={HOURS}
          choose={choose}
          title={(span) => SPANS[span]!}
        />
      </div>
      <Ready
        loaded={loaded}
        view={(metrics) => (
          <div class="pair">
            {picturesOf(hasComponents).map((picture) => (
              <MetricPicture key={picture.title} picture={picture} metrics={metrics} endpoint={endpoint} />
            ))}
          </div>
        )}
      />
    </section>
  );
}

function MetricPicture(props: { picture: Picture; metrics: EndpointMetrics; endpoint: Endpoint }) {
  const { picture, metrics, endpoint } = props;
  const { targets, activities } = endpoint.scaling;
  const option = useMemo(
    () => metricsOption(metrics, picture, targets, activities),
    [metrics, picture, targets, activities],
  );
  const isEmpty = !seriesOf(metrics, picture).length;
  return (
    <figure>
      <figcaption>
        {picture.title}
        {picture.unit !== "requests" && ` (${picture.unit})`}
      </figcaption>
      {isEmpty ? (
        <p class="quiet">No value in this time. Send a request, or choose a longer time.</p>
      ) : (
        <Chart option={option} label={`${picture.title} of ${endpoint.name}, over time`} height={260} />
      )}
    </figure>
  );
}

export const endpoints: Page = { route: "endpoints", title: "Endpoints", view: Endpoints };
