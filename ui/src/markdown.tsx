// Show the Markdown of a required action: paragraphs, lists, tables, bold text, code and links.
//
// Everything becomes text of elements, never HTML: a model's name cannot run a script.

import type { ComponentChild } from "preact";

const INLINE = /\*\*(.+?)\*\*|`(.+?)`|\[([^\]]+)\]\(([^)\s]+)\)/g;
const SAFE = /^(https?:\/\/|\/(?!\/))/; // other schemes run scripts

export function Markdown({ text }: { text: string }) {
  const blocks = text.split(/\n\s*\n/).filter((block) => block.trim());
  return <>{blocks.map((block, at) => <Block key={at} lines={block.split("\n")} />)}</>;
}

function Block({ lines }: { lines: string[] }) {
  if (lines.every((line) => line.startsWith("|"))) return <Rows lines={lines} />;
  if (lines.every((line) => line.startsWith("- "))) {
    return (
      <ul>
        {lines.map((line, at) => (
          <li key={at}>{inline(line.slice(2))}</li>
        ))}
      </ul>
    );
  }
  return <p>{inline(lines.join(" "))}</p>;
}

function Rows({ lines }: { lines: string[] }) {
  const rows = lines.filter((line) => !/^[|\s:-]+$/.test(line) || !line.includes("-")).map(cells);
  const [head, ...body] = rows;
  return (
    <table>
      <thead>
        <tr>
          {head?.map((cell, at) => (
            <th key={at} scope="col">
              {inline(cell)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {body.map((row, at) => (
          <tr key={at}>
            {row.map((cell, place) => (
              <td key={place}>{inline(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cells(line: string): string[] {
  return line.replace(/^\||\|\s*$/g, "").split("|").map((cell) => cell.trim());
}

function inline(text: string): ComponentChild[] {
  const parts: ComponentChild[] = [];
  let after = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, code, label, address = ""] = match;
    parts.push(text.slice(after, match.index), styled(whole, bold, code, label, address));
    after = match.index + whole.length;
  }
  return [...parts, text.slice(after)];
}

function styled(whole: string, bold?: string, code?: string, label?: string, address = ""): ComponentChild {
  if (bold) return <strong>{bold}</strong>;
  if (code) return <code>{code}</code>;
  if (!label || !SAFE.test(address)) return whole;
  return (
    <a href={address} target="_blank" rel="noopener">
      {label}
    </a>
  );
}
