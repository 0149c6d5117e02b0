"""Read observations from the log lines of a job: its metrics, and the lines of a script's hook."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence

from prodml.debugger.hook import MARK
from prodml.debugger.observations import Observation, Source

LONGEST = 4000  # characters of a line that patterns are matched against
NUMBER = re.compile(r"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf)", re.IGNORECASE)
# AWS's built-in XGBoost prints `[12]#011train-auc:0.91#011validation-auc:0.88`.
ROUND = re.compile(r"^\[\d+\](?:#011|\s)")
EVALUATED = re.compile(r"([A-Za-z]\w*)-([\w@.-]+?):([-+]?[\w.+-]+)")
NO_NUMBER = re.compile(r"(?<![\w.])[-+]?(nan|inf(?:inity)?)(?!\w)", re.IGNORECASE)
STAND_INS = {"n": "31415926.53", "i": "27182818.28"}  # digits for NaN and infinity
HOOKED = (Source.GRADIENTS, Source.UPDATES, Source.LABELS, Source.STEPS)


class LineReader:
    """
    Finds numbers as SageMaker does, by the patterns of the job's metric definitions.

    NaN and infinity count too, which CloudWatch does not keep, also where a pattern is for digits.

    :param definitions: The job's metric definitions; without any, the lines of the built-in XGBoost
        are read.
    """

    def __init__(self, definitions: Sequence[Mapping[str, str]] = ()) -> None:
        self._patterns = list(_compiled(definitions))

    def read(self, line: str, at: float) -> list[Observation]:
        """Return what *line*, written at the time *at*, reports."""
        _, mark, hooked = line.partition(MARK)
        if mark:
            return list(_hooked(hooked, at))
        metrics = dict(self._metrics(line[:LONGEST]))
        return [Observation(Source.METRIC, metrics, at)] if metrics else []

    def _metrics(self, line: str) -> Iterator[tuple[str, float]]:
        if ROUND.match(line):
            for data, metric, text in EVALUATED.findall(line):
                if (value := _number(text)) is not None:
                    yield f"{data}:{metric}", value
        # A pattern for digits misses NaN, and so matches the line with digits in its place.
        digits = NO_NUMBER.sub(lambda match: STAND_INS[match.group(1)[0].lower()], line)
        for name, pattern in self._patterns:
            for match in pattern.finditer(digits):
                text = match.group(1) if pattern.groups else match.group(0)
                if (value := _number(text or "")) is not None:
                    yield name, value


def _compiled(definitions: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, re.Pattern[str]]]:
    for definition in definitions:
        try:
            yield definition["Name"], re.compile(definition["Regex"])
        except re.error:  # of another dialect: SageMaker has accepted it
            continue


def _hooked(text: str, at: float) -> Iterator[Observation]:
    try:
        report = json.loads(text)
        for source in HOOKED:
            if values := report.get(source):
                numbers = {str(name): float(value) for name, value in values.items()}
                yield Observation(source, numbers, at)
    except (ValueError, TypeError, AttributeError):  # a line that was cut off
        return


def _number(text: str) -> float | None:
    for value, digits in ((math.nan, STAND_INS["n"]), (math.inf, STAND_INS["i"])):
        if digits in text:
            return value
    match = NUMBER.match(text)
    return float(match.group(0)) if match else None
