"""A pinned version stays in production until it is released; the pin is a tag of its group."""

from __future__ import annotations

from prodml.aws.tags import tag, tags_of, untag
from prodml.run_notes import skip

from include.pipelines.adapters.aws import client
from include.pipelines.contracts import Hold
from include.pipelines.definition.pipeline import Pipeline

TAG = "prodml:pinned-version"


def pin(pipeline: Pipeline, version: int) -> None:
    """Retrains go on, but none of them deploys."""
    tag(client("sagemaker"), _group(pipeline), {TAG: str(version)})


def leave_pinned(pipeline: Pipeline) -> None:
    """Raise AirflowSkipException, just before a retrain would deploy, if a version is pinned."""
    if (version := pinned(pipeline)) is not None:
        skip(
            f"Version {version} of {pipeline.name} is pinned, so this model is not deployed. "
            "Trigger deploy_model with release_pin to let retrains deploy again."
        )


def hold(pipeline: Pipeline, version: int, contest: bool) -> Hold | None:
    """Pin *version* before it is deployed, so that nothing comes in between; what was, for undo.

    In a contest nothing is pinned: the version does not serve alone before it has won.
    """
    if contest:
        return None
    before = pinned(pipeline)
    pin(pipeline, version)
    return {"pipeline": pipeline.name, "version": version, "before": before}


def undo(pipeline: Pipeline, held: Hold) -> None:
    """The version did not come into service: the pin is where it was, unless somebody moved it."""
    if pinned(pipeline) != held["version"]:
        return
    if held["before"] is None:
        release(pipeline)
    else:
        pin(pipeline, held["before"])


def release(pipeline: Pipeline) -> int | None:
    """The next approved model is deployed again; returns the version that was pinned."""
    version = pinned(pipeline)
    untag(client("sagemaker"), _group(pipeline), [TAG])
    return version


def pinned(pipeline: Pipeline) -> int | None:
    """The version that stays, or None."""
    tags = tags_of(client("sagemaker"), _group(pipeline))
    return int(tags[TAG]) if TAG in tags else None


def _group(pipeline: Pipeline) -> str:
    found = client("sagemaker").describe_model_package_group(
        ModelPackageGroupName=pipeline.endpoint
    )
    return str(found["ModelPackageGroupArn"])
