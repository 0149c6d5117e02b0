"""Labels that arrive later: joined to captured answers by inference id, or by event id."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .capture import Window, records
from .errors import UnreadableData
from .payloads import Payload, decode

ANSWER, TRUTH = "endpointOutput", "groundTruthData"


def read_labels(folder: Path) -> dict[str, str]:
    """
    The labels by id from ground truth files, JSON lines as SageMaker's merge job takes them.

    ``{"groundTruthData": {"data": "1", "encoding": "CSV"}, "eventMetadata": {"eventId": ID}}``
    """
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                record = json.loads(line)
                found[record["eventMetadata"]["eventId"]] = record[TRUTH]["data"].strip()
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UnreadableData(
                    f"{path.name} line {number} is no label ({error!r}). A label is a record with "
                    "groundTruthData.data and eventMetadata.eventId."
                ) from None
    return found


def joined(
    captured: Path, labels: dict[str, str], window: Window, shadow: bool = False
) -> tuple[list[Any], list[Any]]:
    """Labels and answers of the same request, side by side; what has no label is left out."""
    truths, given = [], []
    for path, number, record in _captured(captured, window, shadow):
        event = record["eventMetadata"]
        label = labels.get(event.get("inferenceId") or event["eventId"])
        answer = record["captureData"].get(ANSWER)
        if label is not None and answer:
            truths.append(label)
            given.append(_answer(path.name, number, answer, None))
    return truths, given


def merged(folder: Path, window: Window, attribute: str | None) -> tuple[list[Any], list[Any]]:
    """Labels and answers of files that SageMaker's merge job has joined already."""
    truths, given = [], []
    for path, number, record in _captured(folder, window):
        truths.append(record[TRUTH]["data"].strip())
        given.append(_answer(path.name, number, record["captureData"][ANSWER], attribute))
    return truths, given


def _captured(
    folder: Path, window: Window, shadow: bool = False
) -> Iterator[tuple[Path, int, dict[str, Any]]]:
    for path in sorted(folder.rglob("*.jsonl")):
        for number, record in records(path, window, shadow):
            yield path, number, record


def _answer(source: str, number: int, answer: dict[str, Any], attribute: str | None) -> Any:
    """The value that *attribute* names; without one the only value, or the list of them all."""
    payload = Payload(number, answer["encoding"], answer["data"])
    for rows in decode(source, [payload], None):
        names = rows.schema.names
        if attribute is None:
            values = [column[0].as_py() for column in rows.columns]
            return values if len(values) > 1 else values[0]
        wanted = attribute if attribute in names else names[_place(attribute)]
        return rows.column(wanted)[0].as_py()
    raise UnreadableData(f"{source} line {number}: its answer is empty. Is the capture complete?")


def _place(attribute: str) -> int:
    """Model Monitor names the values of a CSV answer by their place."""
    return int(attribute) if attribute.isdigit() else 0
