"""Join late labels with captured predictions, by inference id or event id."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .answers import one_column
from .capture import Window, records
from .errors import UnreadableData, quoted
from .payloads import Payload, decode, is_empty

ANSWER, TRUTH = "endpointOutput", "groundTruthData"


def read_labels(folder: Path) -> dict[str, str]:
    """
    Return the labels by id from ground truth files, in the format of SageMaker's merge job.

    ``{"groundTruthData": {"data": "1", "encoding": "CSV"}, "eventMetadata": {"eventId": ID}}``
    """
    labels: dict[str, str] = {}
    for path in sorted(folder.rglob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                record = json.loads(line)
                labels[record["eventMetadata"]["eventId"]] = record[TRUTH]["data"].strip()
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise UnreadableData(
                    f"{path.name} line {number} is no label ({quoted(repr(error))}). A label is a "
                    "record with groundTruthData.data and eventMetadata.eventId."
                ) from None
    return labels


def joined(
    captured: Path, labels: dict[str, str], window: Window, shadow: bool = False
) -> tuple[list[Any], list[Any]]:
    """Return labels and predictions of the same request, where both exist."""
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
    """Return labels and predictions from files that SageMaker's merge job has joined."""
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
    """Return the value that *attribute* names; without one, the only value or the list of all."""
    payload = Payload(number, answer["encoding"], answer["data"])
    for rows in () if is_empty(payload) else decode(source, [payload], None):
        names = rows.schema.names
        if attribute is None:
            values = [column[0].as_py() for column in one_column(rows).columns]
            return values if len(values) > 1 else values[0]
        wanted = attribute if attribute in names else names[_place(attribute)]
        return rows.column(wanted)[0].as_py()
    raise UnreadableData(
        f"{source} line {number}: its answer is empty. Leave the record out of the capture."
    )


def _place(attribute: str) -> int:
    """Return the position that Model Monitor uses as the name of a CSV value."""
    return int(attribute) if attribute.isdigit() else 0
