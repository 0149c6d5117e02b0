// How old the data of AWS on this page are: the API states when it, or a summary, has read them.

import { useEffect, useState } from "preact/hooks";
import { instant } from "./format";

const TOGETHER = 70_000; // milliseconds within which a page asks for everything again

interface Answer {
  readAt: number;
  arrivedAt: number;
}

const RENEWED = "Studio-Renewed"; // the header of an answer that is older than it should be
const answers = new Map<string, Answer>();
const renewed = new Set<string>(); // addresses of which newer data are being read
const listeners = new Set<() => void>();

/** Keep when the data of the answer at `url` were read. */
export function noteRead(url: string, response: Response): void {
  if (response.headers.has(RENEWED)) renewed.add(url);
  else renewed.delete(url);
  const readAt = Date.parse(response.headers.get("Last-Modified") ?? "");
  if (!url.startsWith("../api/") || Number.isNaN(readAt)) return;
  answers.set(url.split("?")[0]!, { readAt, arrivedAt: Date.now() });
  for (const listener of listeners) listener();
}

/** Return whether newer data of this page are being read in AWS. */
export const isRenewed = () => renewed.size > 0;

/** Forget that newer data at `url` are being read, as that failed. */
export function noteFailed(url: string): void {
  if (renewed.delete(url)) for (const listener of listeners) listener();
}

/** Return isRenewed, and draw again when it changes. */
export function useRenewed(): boolean {
  const [value, set] = useState(isRenewed);
  useEffect(() => {
    const listener = () => set(isRenewed());
    listener();
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
  return value;
}

/** Return when the oldest of the present data was read; undefined before an answer. */
function oldest(): number | undefined {
  const present = [...answers.values()];
  const last = Math.max(...present.map(({ arrivedAt }) => arrivedAt));
  const times = present.filter(({ arrivedAt }) => last - arrivedAt < TOGETHER).map(({ readAt }) => readAt);
  return times.length ? Math.min(...times) : undefined;
}

export function Age() {
  const [, turn] = useState(0);
  useEffect(() => {
    const listener = () => turn((times) => times + 1);
    listeners.add(listener);
    const timer = setInterval(listener, 10_000);
    return () => {
      listeners.delete(listener);
      clearInterval(timer);
    };
  }, []);
  const readAt = oldest();
  if (readAt === undefined) return <div class="age" />;
  return (
    <div class="age" title={`AWS was read at ${instant(new Date(readAt).toISOString())}`}>
      AWS as of {ago(Date.now() - readAt)}
      {isRenewed() && ", reading …"}
    </div>
  );
}

function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 5) return "now";
  if (seconds < 120) return `${seconds} s ago`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min ago` : `${Math.floor(seconds / 3600)} h ago`;
}
