"""An update has to prove itself; until then the endpoint carries a note of the way back.

Without the note a worker that dies between the update and its proof would take the way back with
it: the next try finds the endpoint on the new configuration already.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from prodml.endpoints import rollback_note
from prodml.endpoints.endpoint import Endpoint
from prodml.exceptions import OvertakenError, RolledBackError
from prodml.vocabulary import ENDPOINT


@contextmanager
def proving(target: Endpoint, config: str) -> Iterator[str | None]:
    """A block that proves *config*; if it fails, what served before is put back.

    Raises RolledBackError then, with what came of the way back. The block is given what *config*
    has replaced; None if it was proved earlier.
    """
    found = target.describe()
    before = rollback_note.replaced_by(target.aws, found, config) if found else None
    try:
        yield before
    except Exception as error:
        raise RolledBackError(
            f"Endpoint {target.name} on {config} has not proved itself: {error} "
            f"{_go_back(target, config)} Read the log group {ENDPOINT.log_group}/{target.name}."
        ) from error
    if found := target.describe():
        rollback_note.forget(target.aws, found)


def _go_back(target: Endpoint, config: str) -> str:
    """Put back what *config* has replaced; a sentence on what serves now."""
    found = target.describe()
    if not found:
        return "The endpoint is gone."
    before = rollback_note.replaced_by(target.aws, found, config)
    try:
        _refuse_another(target, config)
        if not before:
            return "There is nothing to go back to."
        recheck = partial(_refuse_another, target, config, before)
        changed = target.request(before, [], recheck=recheck, proved=True)
        rollback_note.forget(target.aws, target.verified(before, changed))
    except OvertakenError as newer:
        return str(newer)
    except Exception as error:  # noqa: BLE001 -- the first error counts, this is its sequel
        return f"It did not go back to {before}: {error}"
    finally:
        target.restore()
    return f"{before} serves again."


def _refuse_another(target: Endpoint, *known: str) -> None:
    now = target.config()
    if now not in known:
        raise OvertakenError(f"{now} has come by now, and stays.")
