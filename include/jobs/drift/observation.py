"""Read the data of a check once: requests and answers, captured ones or those of files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .answers import PREDICTION, one_column
from .baseline import Baseline
from .capture import Capture, Hook, Window, capture_files, is_capture
from .contracts import Contract, Foreign
from .errors import UnreadableData
from .estimates import ANSWERS, wanted
from .findings import ENOUGH
from .formats import is_data, is_json_lines
from .jsonlines import read_json_lines
from .samples import Sample
from .statistics import Profile
from .tables import Batch, columns_of, read_table, tables_of, width

INPUT, OUTPUT = "endpointInput", "endpointOutput"
KNOWN_SHARE = 0.5  # of the baseline's columns that data of the same model has at least
NOTED = 20  # files that are named one by one


@dataclass
class Observed:
    """The columns of requests and responses that were read, with notes on irregularities.

    *sample* and *answers* are some of their rows.
    """

    features: Profile = field(default_factory=Profile)
    predictions: Profile = field(default_factory=Profile)
    notes: list[str] = field(default_factory=list)
    foreign: Foreign = field(default_factory=lambda: Foreign("files"))
    sample: Sample = field(default_factory=Sample)
    answers: Sample = field(default_factory=lambda: Sample(ANSWERS))

    def add(self, batch: Batch, texts: Sequence[str]) -> None:
        """Add the rows of requests."""
        self.features.add(batch, texts)
        self.sample.add(batch.rows)

    def add_answers(self, batch: Batch) -> None:
        """Add the rows of responses."""
        prediction = one_column(batch.rows)
        self.predictions.add(Batch(batch.source, prediction))
        self.answers.add(wanted(batch.rows, prediction))


@dataclass(frozen=True)
class Question:
    """The data to check: a file, or a folder of tables or of capture files."""

    data: Path
    baseline: Baseline
    window: Window = field(default_factory=Window)
    header: bool = True
    predictions: Path | None = None  # answers that are not in the capture: a batch transform's
    hook: Hook | None = None
    shadow: bool = False  # whether what a shadow variant answered counts
    model: str | None = None  # that answered


def observe(question: Question) -> Observed:
    """Read the data once, front to back; raises UnreadableData naming file and column."""
    personal = question.baseline.features.personal
    observed = Observed(Profile(personal=personal), sample=Sample(without=personal))
    if personal:
        observed.notes.append(f"{len(personal)} columns with personal data are not compared.")
    names = list(question.baseline.features.columns)
    key = question.baseline.key
    texts = question.baseline.features.texts
    if is_capture(question.data):
        _read_capture(question, observed, names, texts)
    else:
        _note_empty(question.data, observed)
        for batch in _tables(question, names, observed.foreign):
            observed.add(without(batch, key), texts)
            _note_order(observed, batch, names)
    if question.predictions:
        for batch in _predictions(question.predictions):
            observed.add_answers(batch)
    if observed.foreign.sentence and not observed.foreign.prevails:
        observed.notes.append(observed.foreign.sentence)
    if not question.baseline.contract:
        _refuse_strangers(question.baseline, observed)
    return observed


def _tables(question: Question, names: list[str], foreign: Foreign) -> Iterator[Batch]:
    """Read tables; with a contract, those without its columns are counted and left out.

    Those without a header may have the contract's key before the baseline's columns.
    """
    contract = question.baseline.contract
    if contract is None:
        yield from read_tables(question.data, None if question.header else names)
        return
    for file in _files(question.data):
        named = None if question.header else _given_names(file, names, contract)
        if difference := _difference(file, named, names, contract):
            foreign.add(file.name, difference)
            continue
        foreign.fitting += 1
        yield from read_table(file, named)


def _given_names(file: Path, names: list[str], contract: Contract) -> list[str]:
    """Return the names of the columns of a file without a header, of which the key may be one."""
    keyed = contract.key and width(file) == len(names) + 1
    return [str(contract.key), *names] if keyed else names


def _difference(
    file: Path, named: list[str] | None, names: list[str], contract: Contract
) -> str | None:
    if named is None:
        return contract.missing(columns_of(file))
    there = width(file)
    if there == len(named):
        return None
    return f"{there} values where the baseline has {len(names)} columns"


def without(batch: Batch, key: str | None) -> Batch:
    """Return *batch* without the column that identifies a row."""
    if key not in batch.rows.schema.names:
        return batch
    return Batch(batch.source, batch.rows.drop_columns([key]))


def _note_empty(data: Path, observed: Observed) -> None:
    if data.is_dir():
        _, empty = tables_of(data)
        observed.notes += [f"{path.name} is empty and was left out." for path in empty[:NOTED]]


def _read_capture(q: Question, observed: Observed, names: list[str], texts: Sequence[str]) -> None:
    if q.data.is_dir():
        known = set(capture_files(q.data))
        others = [path for path in sorted(q.data.rglob("*")) if is_data(path) and path not in known]
        observed.notes += [f"{p.name} is no capture file and was left out." for p in others[:NOTED]]
    sides: dict[str, Sequence[str] | None] = {INPUT: names, OUTPUT: None}
    capture = Capture(q.data, sides, q.window, q.hook, q.shadow, q.baseline.contract)
    for side, batch in capture.batches():
        if side == INPUT:
            observed.add(without(batch, q.baseline.key), texts)
        else:
            observed.add_answers(batch)
    observed.foreign = capture.foreign
    for side, places in capture.empty.items():
        profile = observed.features if side == INPUT else observed.predictions
        profile.add_empty(len(places))
        kind = "requests" if side == INPUT else "answers"
        observed.notes.append(
            f"{len(places)} empty {kind} were captured, the first in {places[0]}."
        )
    if q.baseline.predictions and observed.predictions.rows < ENOUGH <= observed.features.rows:
        observed.notes.append(
            f"Only {observed.predictions.rows} answers were captured: they were not compared."
        )


def read_tables(path: Path, names: Sequence[str] | None) -> Iterator[Batch]:
    """Read one file, or every table below a folder."""
    for file in _files(path):
        yield from read_table(file, names)


def _files(path: Path) -> list[Path]:
    return tables_of(path)[0] if path.is_dir() else [path]


def read_predictions(path: Path) -> Profile:
    """Read a batch transform's predictions: JSON lines, or the last column without a header.

    A transform job that joins its input has written columns before them.
    """
    profile = Profile()
    for batch in _predictions(path):
        profile.add(Batch(batch.source, one_column(batch.rows)))
    return profile


def _predictions(path: Path) -> Iterator[Batch]:
    for file in _files(path):
        yield from read_json_lines(file) if is_json_lines(file) else _last_column(file)


def _last_column(file: Path) -> Iterator[Batch]:
    joined = [f"input_{place}" for place in range(width(file) - 1)]
    for batch in read_table(file, [*joined, PREDICTION]):
        yield Batch(batch.source, batch.rows.select([PREDICTION]))


def read_values(path: Path) -> list[Any]:
    """Read the lines of files without a header, each with a JSON answer, a value or a list."""
    values: list[Any] = []
    for file in _files(path):
        if is_json_lines(file):
            for batch in read_json_lines(file):
                values += one_column(batch.rows).column(0).to_pylist()
            continue
        names = [f"value_{i}" for i in range(width(file))]
        for batch in read_table(file, names):
            columns = batch.rows.to_pydict().values()
            lines = map(list, zip(*columns, strict=True))
            values += lines if len(names) > 1 else batch.rows.column(0).to_pylist()
    return values


def _note_order(observed: Observed, batch: Batch, names: list[str]) -> None:
    there = [name for name in batch.rows.schema.names if name in names]
    if there != [name for name in names if name in there]:
        note = f"{batch.source} has its columns in another order; they were matched by name."
        if note not in observed.notes:
            observed.notes.append(note)


def _refuse_strangers(baseline: Baseline, observed: Observed) -> None:
    expected, there = baseline.features.columns.keys(), observed.features.columns.keys()
    missing = [name for name in expected if name not in there]
    if there and len(missing) > (1 - KNOWN_SHARE) * len(expected):
        sources = ", ".join(sorted(observed.features.sources)[:3])
        raise UnreadableData(
            f"{sources} lacks the baseline's columns {missing[:5]} ({len(missing)} of "
            f"{len(expected)}) and has {list(there)[:5]}: this is the baseline of another model, "
            "or the header's separator is not known. Compare with the baseline of the model that "
            "this data is for."
        )
