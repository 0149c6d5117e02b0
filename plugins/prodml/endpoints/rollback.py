"""Roll an endpoint back if its new configuration is not verified.

A note on the endpoint names the previous configuration. Without it, a worker that dies between the
update and its verification would leave the next try with no configuration to roll back to.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from prodml.endpoints import rollback_note
from prodml.endpoints.endpoint import Endpoint
from prodml.endpoints.update import Update
from prodml.exceptions import OvertakenError, RolledBackError


@contextmanager
def proving(target: Endpoint, config: str) -> Iterator[str | None]:
    """Roll the endpoint back, and raise RolledBackError, if the block fails to verify *config*.

    The block gets the configuration that *config* replaced; None if it was verified earlier.
    """
    endpoint = target.describe()
    before = rollback_note.replaced_by(target.aws, endpoint, config) if endpoint else None
    try:
        yield before
    except Exception as error:
        raise RolledBackError(
            f"Endpoint {target.name} failed the checks on {config}: {error} "
            f"{_go_back(target, config)} {target.advice()}"
        ) from error
    if endpoint := target.describe():
        rollback_note.forget(target.aws, endpoint)


def _go_back(target: Endpoint, config: str) -> str:
    """Restore what *config* replaced; return a sentence on what serves now."""
    endpoint = target.describe()
    if not endpoint:
        return "The endpoint was deleted."
    before = rollback_note.replaced_by(target.aws, endpoint, config)
    try:
        _refuse_another(target, config)
        if not before:
            return "There is no previous configuration to roll back to."
        recheck = partial(_refuse_another, target, config, before)
        changed = Update(target, before, [], recheck=recheck, proved=True).request()
        rollback_note.forget(target.aws, target.verified(before, changed))
    except OvertakenError as newer:
        return str(newer)
    except Exception as error:  # noqa: BLE001 -- the first error is raised
        return f"The rollback to {before} failed: {error}"
    finally:
        target.restore()
    return f"Rolled back to {before}."


def _refuse_another(target: Endpoint, *known: str) -> None:
    now = target.config()
    if now not in known:
        raise OvertakenError(f"Not rolled back: the endpoint has a newer configuration, {now}.")
