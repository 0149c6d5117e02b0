"""Note on an endpoint the configuration to roll back to until an update is verified."""

from __future__ import annotations

from prodml.aws.client import Aws
from prodml.aws.tags import tag, tags_of, untag
from prodml.naming import TAG
from prodml.vocabulary import Json

NOTE = f"{TAG}unproved"  # "<old> <new>", names of configurations


def note(aws: Aws, endpoint: Json, config: str) -> None:
    """Note that *config* will replace the configuration of the described *endpoint*.

    If that one was never verified, its predecessor stays the one to roll back to.
    """
    serving = endpoint["EndpointConfigName"]
    before = replaced_by(aws, endpoint, serving) or serving
    tag(aws.client("sagemaker"), endpoint["EndpointArn"], {NOTE: f"{before} {config}"})


def replaced_by(aws: Aws, endpoint: Json, config: str) -> str | None:
    """Return the configuration that *config* replaced; None if *config* was verified."""
    tags = tags_of(aws.client("sagemaker"), endpoint["EndpointArn"])
    before, _, after = tags.get(NOTE, "").partition(" ")
    return before if after == config != before else None


def forget(aws: Aws, endpoint: Json) -> None:
    """Remove the note: the endpoint's configuration is verified."""
    untag(aws.client("sagemaker"), endpoint["EndpointArn"], [NOTE])
