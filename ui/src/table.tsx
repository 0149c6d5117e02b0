// A table that sorts by its columns, and draws only the rows in view, so that thousands stay smooth.

import { useMemo, useState } from "preact/hooks";
import { byText } from "./format";

export type Cell = number | string | null;

export interface Column<Row> {
  key: string;
  title: string;
  value: (row: Row) => Cell;
  view?: (row: Row) => preact.ComponentChild;
  numeric?: boolean;
}

export interface Order {
  key: string;
  ascending: boolean;
}

const HEIGHT = 34; // pixels of a row, as the style sheet has it
const AROUND = 10; // rows drawn above and below those in view
const STEP = 5 * HEIGHT; // pixels after which other rows are drawn while a person scrolls

/** Return the rows by one column; what has no value comes last in either order. */
export function sorted<Row>(rows: Row[], column: Column<Row> | undefined, ascending: boolean): Row[] {
  if (!column) return rows;
  const sign = ascending ? 1 : -1;
  const keyed = rows.map((row) => ({ row, value: column.value(row) }));
  keyed.sort((left, right) => {
    if (left.value === null || right.value === null) return +(left.value === null) - +(right.value === null);
    if (typeof left.value === "number" && typeof right.value === "number") return sign * (left.value - right.value);
    return sign * byText(String(left.value), String(right.value));
  });
  return keyed.map(({ row }) => row);
}

export function Table<Row>(props: {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  keyOf: (row: Row) => string;
  order: Order;
  setOrder: (order: Order) => void;
  isChosen?: (row: Row) => boolean;
  height?: number;
}) {
  const { label, columns, rows, keyOf, order, setOrder, isChosen, height = 440 } = props;
  const [top, setTop] = useState(0);
  const inOrder = useMemo(
    () => sorted(rows, columns.find((column) => column.key === order.key), order.ascending),
    [rows, columns, order],
  );
  const most = Math.ceil(height / HEIGHT) + 2 * AROUND;
  const first = Math.max(0, Math.min(Math.floor(top / HEIGHT) - AROUND, inOrder.length - most));
  const drawn = inOrder.slice(first, first + most);
  const below = inOrder.length - first - drawn.length;
  return (
    <div
      class="scroll long"
      role="region"
      aria-label={label}
      tabIndex={0}
      style={{ maxHeight: `${height}px` }}
      onScroll={(event) => setTop(Math.floor(event.currentTarget.scrollTop / STEP) * STEP)}
    >
      <table aria-rowcount={inOrder.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Heading key={column.key} column={column} order={order} setOrder={setOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Space rows={first} columns={columns.length} />
          {drawn.map((row, index) => (
            <tr key={keyOf(row)} aria-rowindex={first + index + 2} class={isChosen?.(row) ? "chosen" : ""}>
              {columns.map((column) => (
                <td key={column.key} class={column.numeric ? "number" : ""}>
                  {column.view ? column.view(row) : (column.value(row) ?? "–")}
                </td>
              ))}
            </tr>
          ))}
          <Space rows={below} columns={columns.length} />
        </tbody>
      </table>
    </div>
  );
}

function Heading<Row>(props: { column: Column<Row>; order: Order; setOrder: (order: Order) => void }) {
  const { column, order, setOrder } = props;
  const mine = order.key === column.key;
  const turn = () => setOrder({ key: column.key, ascending: mine ? !order.ascending : !column.numeric });
  return (
    <th
      scope="col"
      class={column.numeric ? "number" : ""}
      aria-sort={mine ? (order.ascending ? "ascending" : "descending") : "none"}
    >
      <button type="button" class="plain" onClick={turn}>
        {column.title}
        <span aria-hidden="true">{mine ? (order.ascending ? " ▲" : " ▼") : ""}</span>
      </button>
    </th>
  );
}

function Space({ rows, columns }: { rows: number; columns: number }) {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden="true" class="space" style={{ height: `${rows * HEIGHT}px` }}>
      <td colSpan={columns} />
    </tr>
  );
}
