"""Pin a version, which stays in production until it is released, by a tag of its group."""

from __future__ import annotations

from prodml.aws.tags import tag, tags_of, untag
from prodml.run_notes import skip

from include.pipelines.adapters.aws import client
from include.pipelines.contracts.deployment import Hold
from include.pipelines.definition.pipeline import Pipeline

TAG = "prodml:pinned-version"


def pin(pipeline: Pipeline, version: int) -> None:
    """Pin *version*: retrains continue, but do not deploy."""
    tag(client("sagemaker"), _group(pipeline), {TAG: str(version)})


def leave_pinned(pipeline: Pipeline) -> None:
    """Raise AirflowSkipException before a retrain's deployment if a version is pinned."""
    if (version := pinned(pipeline)) is not None:
        skip(
            f"Version {version} of {pipeline.name} is pinned, so this model is not deployed. "
            "Trigger deploy_model with release_pin to let retrains deploy again."
        )


def hold(pipeline: Pipeline, version: int, contest: bool) -> Hold | None:
    """Pin *version* before its deployment; return what :func:`undo` needs.

    In an A/B or shadow test nothing is pinned, since the version does not serve alone yet.
    """
    if contest:
        return None
    before = pinned(pipeline)
    pin(pipeline, version)
    return {"pipeline": pipeline.name, "version": version, "before": before}


def undo(pipeline: Pipeline, held: Hold) -> None:
    """Restore the former pin after a failed deployment, unless it was changed since."""
    if pinned(pipeline) != held["version"]:
        return
    if held["before"] is None:
        release(pipeline)
    else:
        pin(pipeline, held["before"])


def release(pipeline: Pipeline) -> int | None:
    """Remove the pin, so that retrains deploy again; return the version that was pinned."""
    version = pinned(pipeline)
    untag(client("sagemaker"), _group(pipeline), [TAG])
    return version


def pinned(pipeline: Pipeline) -> int | None:
    """Return the pinned version, or None."""
    tags = tags_of(client("sagemaker"), _group(pipeline))
    return int(tags[TAG]) if TAG in tags else None


def _group(pipeline: Pipeline) -> str:
    group = client("sagemaker").describe_model_package_group(ModelPackageGroupName=pipeline.group)
    return str(group["ModelPackageGroupArn"])
