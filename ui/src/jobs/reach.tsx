// Jobs are read a few hundred a minute: show how far back they are known, and ask on until all are.

import { useCallback, useState } from "preact/hooks";
import { day } from "../format";
import { useLoaded, type Loaded } from "../load";

interface Read {
  start: string; // the time that the page wants
  since: string; // the time that is reached
}

const SOON = 5; // seconds

const isPartial = ({ start, since }: Read) => Date.parse(since) > Date.parse(start);

/** Load every `seconds`, and sooner while older jobs are still being read. */
export function useGradually<T extends Read>(load: () => Promise<T>, seconds = 60): [Loaded<T>, () => void] {
  const [partial, setPartial] = useState(false);
  const reading = useCallback(async () => {
    const data = await load();
    setPartial(isPartial(data));
    return data;
  }, [load]);
  return useLoaded(reading, partial ? SOON : seconds);
}

export function Reach({ read }: { read: Read }) {
  if (!isPartial(read)) return null;
  return (
    <p class="quiet" role="status">
      Jobs since {day(read.since)} are read; older ones follow, some hundreds a minute.
    </p>
  );
}
