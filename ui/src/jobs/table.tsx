// A table of jobs, which run or have ended.

import { useMemo, useState } from "preact/hooks";
import type { JobRow } from "../jobs";
import { Table, type Order } from "../table";
import { columnsOf } from "./columns";

export function JobTable(props: {
  label: string;
  jobs: JobRow[];
  isRunning?: boolean;
  without?: readonly string[]; // keys of columns
  opened: string;
  open: (name: string) => void;
}) {
  const { label, jobs, isRunning = false, without, opened, open } = props;
  const [order, setOrder] = useState<Order>(() => ({ key: isRunning ? "seconds" : "ended", ascending: false }));
  const columns = useMemo(
    () => columnsOf(isRunning, open).filter(({ key }) => !without?.includes(key)),
    [isRunning, open, without],
  );
  return (
    <Table
      label={label}
      columns={columns}
      rows={jobs}
      keyOf={(job) => job.name}
      order={order}
      setOrder={setOrder}
      isChosen={(job) => job.name === opened}
    />
  );
}
