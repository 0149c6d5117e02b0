"""Decide whether a holdout can serve a model of another input contract, and with which columns.

Every contender gets the raw holdout and applies its own preprocessing, which refuses a record with
other columns or values than it knows. So a model is compared only where the holdout has all of its
columns, with the same meaning; a container before it takes the others out of each record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from include.jobs.tabular.columns import ranges
from include.pipelines.definition.contract import Contract

LONGEST = 1024  # characters of a variable of a container, by SageMaker's API
SHOWN = 5  # columns or values that a sentence names


@dataclass(frozen=True)
class Comparability:
    """
    The result of a comparison of a holdout with the input of a model.

    :param obstacle: Why it cannot, as the rest of a sentence about the model; None if it can.
    :param columns: The places of the columns that the model takes, such as `0-5,7`; None for all.
    """

    obstacle: str | None = None
    columns: str | None = None


def comparability(model: Contract | None, holdout: Contract) -> Comparability:
    """Return whether records of the *holdout* contract can serve the *model*.

    A *model* of None is one whose contract is unknown.
    """
    if model is None:
        return Comparability(
            "states no input_contract, so that it is unknown which records it takes"
        )
    if model.digest == holdout.digest:
        return Comparability()
    if obstacles := list(_obstacles(model, holdout)):
        return Comparability("; ".join(obstacles))
    columns = _columns(list(holdout.kinds), list(model.kinds))
    if columns and len(columns) > LONGEST:
        return Comparability(
            f"takes {len(model.kinds)} of the holdout's {len(holdout.kinds)} columns, whose places "
            f"need more than the {LONGEST} characters of a container's variable"
        )
    return Comparability(columns=columns)


def _columns(there: Sequence[str], wanted: Sequence[str]) -> str | None:
    """Return the places of the columns *wanted* among those *there*; None for all in order."""
    places = [there.index(name) for name in wanted]
    return None if places == [*range(len(there))] else ranges(places)


def _obstacles(model: Contract, holdout: Contract) -> Iterator[str]:
    if missing := [name for name in model.kinds if name not in holdout.kinds]:
        yield f"takes the columns {_named(missing)}, which the holdout lacks"
    for name, kind in model.kinds.items():
        other = holdout.kinds.get(name, kind)
        if other != kind:
            yield f"takes {name!r} as {kind}, which is {other} in the holdout"
        elif unknown := sorted({*holdout.values.get(name, ())} - {*model.values.get(name, ())}):
            yield f"does not know the values {_named(unknown)} of {name!r}"
    if model.classes != holdout.classes:
        yield f"answers {_answers(model)}, and the holdout's labels are {_answers(holdout)}"


def _answers(contract: Contract) -> str:
    classes = contract.classes
    if classes is None:
        return "a number"
    return f"classes {_named(sorted(classes, key=classes.__getitem__))}"


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{list(names[:SHOWN])}{more}"


def changes(new: Contract, old: Contract) -> str | None:
    """Return in a sentence what callers must change for requests to *new* instead of *old*."""
    added = [name for name in new.kinds if name not in old.kinds]
    removed = [name for name in old.kinds if name not in new.kinds]
    parts = [
        *([f"send {_named(added)} too"] if added else []),
        *([f"leave out {_named(removed)}"] if removed else []),
        *_other_columns(new, old),
        *([f"expect {_answers(new)}"] if new.classes != old.classes else []),
    ]
    if new.digest == old.digest:
        return None
    return f"Callers must change their requests: {'; '.join(parts) or 'order the columns anew'}."


def _other_columns(new: Contract, old: Contract) -> Iterator[str]:
    for name, kind in new.kinds.items():
        if (before := old.kinds.get(name, kind)) != kind:
            yield f"send {name!r} as {kind} instead of {before}"
        elif gone := sorted({*old.values.get(name, ())} - {*new.values.get(name, ())}):
            yield f"send no {_named(gone)} as {name!r}"
