"""Batch transform's DataProcessing: filters of input and output, and the join of both."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from ...core.store import Doc
from ...wire.errors import validation
from .jsonpath import JsonPath

CSV, JSON, LINES = "text/csv", "application/json", "application/jsonlines"


def check_association(request: Doc) -> None:
    """Refuse filters and joins that AWS refuses; raise AwsError."""
    config = request.get("DataProcessing", {})
    kind = _kind(request["TransformInput"].get("ContentType"))
    for member in ("InputFilter", "OutputFilter"):
        try:
            path = JsonPath(config.get(member, "$"))
        except ValueError as error:
            raise validation(f'Invalid {member}: "{config[member]}". {error}') from None
        if kind == CSV and not path.by_index:
            raise validation(f'Invalid {member}: "{config[member]}". CSV has indexes only.')
    if not _active(config):
        return
    accept = _kind(request["TransformOutput"].get("Accept"))
    if kind not in (CSV, JSON, LINES) or kind != accept:
        raise validation(
            "DataProcessing needs the same ContentType and Accept: "
            f"{CSV}, {JSON} or {LINES}, not {kind} and {accept}."
        )
    split = request["TransformInput"].get("SplitType", "None")
    if kind == CSV and (split, request["TransformOutput"].get("AssembleWith")) != ("Line", "Line"):
        raise validation("DataProcessing of CSV needs SplitType Line and AssembleWith Line.")


class Association:
    """Filters and joins records; `active` is False if records pass unchanged."""

    def __init__(self, request: Doc) -> None:
        config = request.get("DataProcessing", {})
        self.active = _active(config)
        self._csv = _kind(request["TransformInput"].get("ContentType")) == CSV
        self._join = config.get("JoinSource", "None") == "Input"
        self._input = JsonPath(config.get("InputFilter", "$"))
        self._output = JsonPath(config.get("OutputFilter", "$"))

    def sent(self, record: bytes) -> bytes:
        """Return the filtered input of *record*; raise ValueError if it does not fit."""
        return self._written(self._input.of(self._read(record)))

    def kept(self, record: bytes, answer: bytes) -> bytes:
        """Return the record of the output file; raise ValueError if it does not fit."""
        result = self._read(answer)
        if self._join:
            result = self._joined(self._read(record), result)
        return self._written(self._output.of(result))

    def _joined(self, record: Any, answer: Any) -> Any:
        if self._csv:
            return [*record, *answer]
        if isinstance(record, dict):
            return record | {"SageMakerOutput": answer}
        return {"SageMakerInput": record, "SageMakerOutput": answer}

    def _read(self, text: bytes) -> Any:
        if not self._csv:
            return json.loads(text)
        return next(csv.reader([text.decode()]), [])

    def _written(self, value: Any) -> bytes:
        if not self._csv:
            return json.dumps(value).encode() + b"\n"
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(
            value if isinstance(value, list) else [value]
        )
        return line.getvalue().encode()


def _active(config: Doc) -> bool:
    filters = (config.get("InputFilter", "$"), config.get("OutputFilter", "$"))
    return config.get("JoinSource", "None") != "None" or filters != ("$", "$")


def _kind(content_type: str | None) -> str:
    return (content_type or "").partition(";")[0].strip().lower()
