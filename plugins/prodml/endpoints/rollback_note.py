"""The note on an endpoint that names the configuration to return to until an update is proved."""

from __future__ import annotations

from prodml.aws.client import Aws
from prodml.aws.tags import tag, tags_of, untag
from prodml.naming import TAG
from prodml.vocabulary import Json

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
