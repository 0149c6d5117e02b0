// Inference components of an endpoint: what each serves, with how many copies.

import type { Component } from "../endpoint";
import { Listing, Status, Time } from "../parts";

const HEADS = ["Component", "State", "Version", "Copies running", "Asked for", "Each reserves", "Last change", "Model"];

export function Components({ components }: { components: Component[] }) {
  if (!components.length) return null;
  return (
    <Listing id="components" title="Inference components" heads={HEADS}>
      {components.map((component) => (
        <tr key={component.name}>
          <th scope="row">{component.name}</th>
          <td class="wrap">
            <Status endpoint={component} />
            {component.failure && <p class="bad">{component.failure}</p>}
          </td>
          <td>
            {component.version === null ? (
              "–"
            ) : (
              <a href={`model?name=${encodeURIComponent(component.name)}`}>version {component.version}</a>
            )}
          </td>
          <td class={component.copies < component.desired ? "warn" : ""}>{component.copies}</td>
          <td>{component.desired}</td>
          <td>{reserved(component)}</td>
          <td>
            <Time at={component.modified} />
          </td>
          <td>{component.model}</td>
        </tr>
      ))}
    </Listing>
  );
}

function reserved({ cpus, accelerators, memory_mb }: Component): string {
  const parts = [cpus && `${cpus} vCPU`, accelerators && `${accelerators} accelerators`, `${memory_mb} MB`];
  return parts.filter(Boolean).join(", ");
}
