// The lineage of a version as a graph; each node can be opened, by mouse or by keyboard.

import { useCallback, useMemo, useState } from "preact/hooks";
import { runPage } from "../airflow";
import type { ModelCard, VersionCard } from "../api";
import { Chart } from "../chart";
import { Choice, Fact } from "../controls";
import { instant } from "../format";
import { readLineage, type Lineage, type LineageArtifact, type LineageNode } from "../lineage";
import { useLoaded } from "../load";
import { Ready } from "../shell";
import { lineageOption, STEPS } from "./lineage_picture";

export function LineageOf({ model }: { model: ModelCard }) {
  const numbers = model.versions.map(({ version }) => String(version));
  const [asked, ask] = useState(String(model.endpoint?.version ?? ""));
  const number = numbers.includes(asked) ? asked : numbers[0]!;
  const load = useCallback(() => readLineage(model.name, Number(number)), [model.name, number]);
  const [loaded] = useLoaded(load);
  return (
    <section aria-labelledby="lineage">
      <h2 id="lineage">Lineage</h2>
      <div class="fields">
        <Choice label="Version" value={number} options={numbers} choose={ask} />
      </div>
      <Ready
        loaded={loaded}
        view={(lineage) => <Graph key={lineage.version} model={model} lineage={lineage} />}
      />
    </section>
  );
}

function Graph({ model, lineage }: { model: ModelCard; lineage: Lineage }) {
  const [option, width, height] = useMemo(() => lineageOption(lineage), [lineage]);
  const [open, choose] = useState<string | null>(null);
  const pick = useCallback((datum: unknown) => {
    const { id } = (datum ?? {}) as { id?: string };
    if (id) choose(id);
  }, []);
  const node = lineage.nodes.find(({ id }) => id === open);
  const version = model.versions.find((each) => each.version === lineage.version);
  return (
    <>
      {lineage.trial === null && (
        <p class="quiet">
          AWS lists no job of this version’s trial: it was deleted, or the version was copied from another account.
        </p>
      )}
      <div class="scroll" tabIndex={0} role="region" aria-label="Graph">
        <div style={{ width: `${width}px` }}>
          <Chart option={option} label={summary(lineage)} height={height} pick={pick} />
        </div>
      </div>
      <ul class="steps" aria-label="Nodes of the graph">
        {lineage.nodes.map(({ id, step, name }) => (
          <li key={id}>
            <button type="button" aria-expanded={id === open} onClick={() => choose(id === open ? null : id)}>
              {step}: {name}
            </button>
          </li>
        ))}
      </ul>
      {node && version && <Node node={node} model={model.name} version={version} />}
    </>
  );
}

function summary({ nodes, edges }: Lineage): string {
  const steps = STEPS.filter((step) => nodes.some((node) => node.step === step));
  return `${nodes.length} nodes and ${edges.length} edges, by ${steps.join(", ")}; the buttons below open the nodes`;
}

function Node({ node, model, version }: { node: LineageNode; model: string; version: VersionCard }) {
  return (
    <section class="card" aria-labelledby="node" aria-live="polite">
      <h3 id="node">
        {node.step}: {node.name}
      </h3>
      <dl>
        {node.status && <Fact name="Status">{node.status}</Fact>}
        {node.started && <Fact name={node.step === "version" ? "Registered" : "Since"}>{instant(node.started)}</Fact>}
        {node.ended && <Fact name="Until">{instant(node.ended)}</Fact>}
        <Addresses name="Reads" artifacts={node.inputs} />
        <Addresses name={node.step === "data" ? "Address" : "Writes"} artifacts={node.outputs} />
        <Fact name="Open">
          <Pages node={node} model={model} version={version} />
        </Fact>
      </dl>
    </section>
  );
}

function Addresses({ name, artifacts }: { name: string; artifacts: LineageArtifact[] }) {
  if (!artifacts.length) return null;
  return (
    <Fact name={name}>
      {artifacts.map((artifact) => (
        <div key={artifact.name}>
          {artifact.name}: <code>{artifact.uri}</code>
        </div>
      ))}
    </Fact>
  );
}

/** Show the pages of a node: of its job, its run, its trials or its endpoint. */
function Pages({ node, model, version }: { node: LineageNode; model: string; version: VersionCard }) {
  const name = encodeURIComponent(model);
  const job = encodeURIComponent(node.id.split("/").pop()!);
  return (
    <span class="links">
      {node.page && (
        <a href={node.page} target="_blank" rel="noopener">
          its job
        </a>
      )}
      {node.step === "training" && <a href={`experiments?experiment=${name}&filter=${job}`}>its trial</a>}
      {node.step === "endpoint" && <a href={`endpoints?endpoint=${name}`}>its endpoint</a>}
      {node.step !== "endpoint" && version.dag && version.run && (
        <a href={runPage(version.dag, version.run)} target="_top">
          the run that made version {version.version}
        </a>
      )}
    </span>
  );
}
