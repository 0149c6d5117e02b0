"""An update has to prove itself; until then the endpoint carries a note of the way back.

Without the note a worker that dies between the update and its proof would take the way back with
it: the next try finds the endpoint on the new configuration already.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from prodml.exceptions import OvertakenError, RolledBackError
from prodml.hooks.aws import Aws
from prodml.hooks.tags import tag, tags_of, untag
from prodml.naming import TAG
from prodml.vocabulary import ENDPOINT, Json

if TYPE_CHECKING:
    from prodml.hooks.endpoints import Endpoint

NOTE = f"{TAG}unproved"  # "<what served before> <what it was replaced by>", names of configurations


def note(aws: Aws, endpoint: Json, config: str) -> None:
    """Write down that *config* is to replace what the described *endpoint* is on.

    Where that was never proved itself, what was before it stays the way back.
    """
    serving = endpoint["EndpointConfigName"]
    before = replaced_by(aws, endpoint, serving) or serving
    tag(aws.client("sagemaker"), endpoint["EndpointArn"], {NOTE: f"{before} {config}"})


def replaced_by(aws: Aws, endpoint: Json, config: str) -> str | None:
    """What *config* has replaced and could go back to; None once it was proved."""
    found = tags_of(aws.client("sagemaker"), endpoint["EndpointArn"])
    before, _, after = found.get(NOTE, "").partition(" ")
    return before if after == config != before else None


def forget(aws: Aws, endpoint: Json) -> None:
    """The endpoint's configuration is proved: it is what the next update could go back to."""
    untag(aws.client("sagemaker"), endpoint["EndpointArn"], [NOTE])


@contextmanager
def proving(target: Endpoint, config: str) -> Iterator[str | None]:
    """A block that proves *config*; if it fails, what served before is put back.

    Raises RolledBackError then, with what came of the way back. The block is given what *config*
    has replaced; None if it was proved earlier.
    """
    found = target.describe()
    before = replaced_by(target.aws, found, config) if found else None
    try:
        yield before
    except Exception as error:
        raise RolledBackError(
            f"Endpoint {target.name} on {config} has not proved itself: {error} "
            f"{_go_back(target, config)} Read the log group {ENDPOINT.log_group}/{target.name}."
        ) from error
    if found := target.describe():
        forget(target.aws, found)


def _go_back(target: Endpoint, config: str) -> str:
    """Put back what *config* has replaced; a sentence on what serves now."""
    found = target.describe()
    if not found:
        return "The endpoint is gone."
    before = replaced_by(target.aws, found, config)
    try:
        _refuse_another(target, config)
        if not before:
            return "There is nothing to go back to."
        recheck = partial(_refuse_another, target, config, before)
        changed = target.request(before, [], recheck=recheck, proved=True)
        forget(target.aws, target.verified(before, changed))
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
