// The types of plugins/prodml/studio/lineage/contracts.py, and its API.

import { call } from "./load";

export interface LineageArtifact {
  name: string;
  uri: string;
}

export interface LineageNode {
  id: string;
  step: string;
  name: string;
  status: string;
  started: string | null;
  ended: string | null;
  page: string | null;
  inputs: LineageArtifact[];
  outputs: LineageArtifact[];
}

export interface LineageEdge {
  source: string;
  target: string;
  label: string;
}

export interface Lineage {
  version: number;
  trial: string | null;
  nodes: LineageNode[];
  edges: LineageEdge[];
}

export function readLineage(model: string, version: number): Promise<Lineage> {
  return call<Lineage>(`../api/models/${encodeURIComponent(model)}/versions/${version}/lineage`);
}
