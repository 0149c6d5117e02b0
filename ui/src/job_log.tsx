// The log of a job, which follows what is written while the job runs.

import { useEffect, useRef, useState } from "preact/hooks";
import { problemIn, type Problem } from "./load";
import { Failure } from "./shell";
import { readLog, type LogLine } from "./trials";

const SECONDS = 15; // between two readings: with the page's own calls, under ten a minute
const MOST = 2000; // lines kept

export function JobLog({ kind, job, running }: { kind: string; job: string; running: boolean }) {
  const [lines, setLines] = useState<LogLine[] | null>(null);
  const [problem, fail] = useState<Problem | null>(null);
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    let gone = false;
    let tokens: Record<string, string> = {};
    setLines(null);
    const read = async () => {
      try {
        const page = await readLog(kind, job, tokens);
        if (gone) return;
        tokens = page.tokens;
        fail(null);
        setLines((before) => [...(before ?? []), ...page.lines].slice(-MOST));
      } catch (error) {
        if (!gone) fail(problemIn(error));
      }
    };
    void read();
    const timer = running ? setInterval(() => document.hidden || void read(), SECONDS * 1000) : undefined;
    return () => {
      gone = true;
      clearInterval(timer);
    };
  }, [kind, job, running]);
  useEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines]);
  return (
    <>
      {problem && <Failure problem={problem} />}
      {lines === null && !problem && <p role="status">Loading the log …</p>}
      {lines?.length === 0 && <p class="quiet">The job has not written a line{running ? " yet" : ""}.</p>}
      {!!lines?.length && (
        <pre ref={box} class="log" tabIndex={0} role="region" aria-label={`Log of ${job}`}>
          {lines.map(shown).join("\n")}
        </pre>
      )}
    </>
  );
}

/** Return a line with its time of day; syslog writes a tab as #011. */
function shown(line: LogLine): string {
  return `${new Date(line.at).toISOString().slice(11, 19)}  ${line.text.replaceAll("#011", "\t")}`;
}
