"""Check, split, encode and summarize the files of a window, in memory that rows do not fill.

All files are read twice: once to check them and to summarize their rows, and, where no rule is
broken, once to write the data sets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..drift.baseline import write_baseline
from ..drift.contracts import CONTRACT
from ..drift.statistics import write_json
from .archive import NAME, write_archive
from .contract import contract_document
from .duplicates import duplicates, examined
from .engine import Engine, Stage
from .outputs import ROWS
from .schema import Schema
from .sources import Role, Source
from .summary import Summary, Totals
from .violations import Violation, Violations

DATA_SETS = ("train", "validation", "holdout")
PARTS = {"train": "the rows to train on", "holdout": "the holdout"}
ABSENT = (
    "no row says {!r}, and a model is judged by distinguishing all labels. Correct the export, or "
    "choose another window."
)
FEW = (
    "it has {} rows, fewer than {}. Lengthen the pipeline's holdout, or lower its least number of "
    "rows."
)
NO_NUMBER = "no row has a number. Fill the column, or take it out of the pipeline's schema.py."
Form = dict[str, Any]  # the columns that are written unusually, and those with empty cells


class BadData(ValueError):
    """Raised for a window that breaks rules; the message has the first violation of each."""

    def __init__(self, violations: Violations) -> None:
        super().__init__(violations.message())
        self.violations = violations


def prepare(
    schema: Schema,
    engine: Engine,
    sources: Sequence[Source],
    output: Path,
    holdout_rows: int = 1,
) -> dict[str, int]:
    """Write a window's data sets, baseline and preprocessing; return the rows of each data set.

    :raises BadData: Rules are broken; nothing is written.
    """
    totals, forms = checked(schema, engine, sources)
    refuse(window_violations(schema, totals, sources, holdout_rows))
    medians = totals.medians
    arguments = [{"medians": medians, **form} for form in forms]
    for _ in engine.run(Stage.WRITE, [*zip(sources, arguments, strict=True)]):
        pass
    write_archive(schema, medians, output / "preprocessing" / NAME)
    write_statistics(schema, totals, output / "baseline")
    return {name: totals.size(name) for name in DATA_SETS}


def checked(schema: Schema, engine: Engine, sources: Sequence[Source]) -> tuple[Totals, list[Form]]:
    """Return what all files say, and how each writes its numbers; raise BadData."""
    totals, forms = Totals(schema), []
    for document in engine.run(Stage.SUMMARIZE, [(source, {}) for source in sources]):
        summary = Summary.from_json(document)
        totals.add(summary)
        forms.append({"written": summary.written, "missing": summary.missing})
    repeated, surplus = engine.repeated()
    if surplus:
        argument = {"hashes": examined(repeated)}
        files = engine.run(Stage.FIND, [(source, argument) for source in sources])
        places = zip(sources, files, strict=True)
        totals.violations.merge(duplicates(schema, places, repeated, surplus))
    refuse(totals.violations)
    return totals, forms


def write_statistics(schema: Schema, totals: Totals, baseline: Path) -> None:
    """Write the baseline, with the contract of the models of its data and their rows."""
    write_baseline(totals.baseline, baseline, sample=totals.shown)
    write_json(baseline / CONTRACT, contract_document(schema))
    write_json(baseline / ROWS, {name: totals.size(name) for name in DATA_SETS})


def refuse(violations: Violations) -> None:
    """Raise BadData if a rule is broken."""
    if violations:
        raise BadData(violations)


def window_violations(
    schema: Schema, totals: Totals, sources: Sequence[Source], holdout_rows: int
) -> Violations:
    """Return what only all files together break."""
    violations = Violations()
    parts = {name: _part(name, sources) for name in PARTS}
    if (rows := totals.size("holdout")) < holdout_rows:
        sentence = FEW.format(rows, holdout_rows)
        violations.add(Violation("holdout", parts["holdout"], sentence))
    for name, where in parts.items():
        labels = totals.labels.get(name, Counter())
        for label in schema.labels or ():
            if not labels[label]:
                violations.add(Violation("labels", where, ABSENT.format(label), schema.label))
    columns = totals.train.columns
    for name in schema.numbers:
        if name not in columns or not columns[name].numbers.rows:
            violations.add(Violation("column", parts["train"], NO_NUMBER, name))
    return violations


def _part(name: str, sources: Sequence[Source]) -> str:
    """Return what a data set is called in messages, with the first and last of its files."""
    is_holdout = name == "holdout"
    uris = [source.uri for source in sources if (source.role == Role.HOLDOUT) == is_holdout]
    return f"{PARTS[name]} ({' to '.join(dict.fromkeys([uris[0], uris[-1]]))})"
