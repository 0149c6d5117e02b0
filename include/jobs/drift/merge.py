"""
Implement Model Monitor's ground truth merger: captured predictions joined with labels.

Reads `dataset_source` and `ground_truth_source`, and writes records of both below `output_path`,
in the folders of the capture. What has no label yet is left out.
"""

from __future__ import annotations

import json
from pathlib import Path

from .capture import Window, records
from .errors import UnreadableData
from .labels import TRUTH, read_labels
from .order import Order, end, environment


def main() -> int:
    order = Order(environment())
    try:
        count = merge(
            Path(order.need("dataset_source")),
            Path(order.need("ground_truth_source")),
            Path(order.need("output_path")),
            order.window,
        )
    except UnreadableData as error:
        return end(f"Error: {error}", 1)
    return end(f"Completed: {count} records have their label.", 0)


def merge(captured: Path, labels: Path, output: Path, window: Window) -> int:
    """Join the records; return how many were written."""
    known = read_labels(labels)
    return sum(
        _merge_file(path, known, output / path.relative_to(captured), window)
        for path in sorted(captured.rglob("*.jsonl"))
    )


def _merge_file(path: Path, labels: dict[str, str], target: Path, window: Window) -> int:
    lines = []
    for _, record in records(path, window):
        event = record["eventMetadata"]
        label = labels.get(event.get("inferenceId") or event["eventId"])
        if label is not None:
            record[TRUTH] = {"data": label, "encoding": "CSV"}
            lines.append(json.dumps(record))
    if lines:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text("\n".join([*lines, ""]))
    return len(lines)


if __name__ == "__main__":
    raise SystemExit(main())
