"""Find the versions that served in a window, by the captures of each configuration."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from prodml.aws.s3 import folders, join, objects, split
from prodml.endpoints.attribution import read_record, root_of

from include.pipelines.adapters.aws import client
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.evaluation.champion import Champion, find_version

Window = tuple[datetime, datetime]
HOUR = "%Y/%m/%d/%H"


@dataclass
class Version:
    """A model version that may have answered, and the S3 prefixes of its captured answers."""

    model: Champion
    captures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answers:
    """The captures of one variant of one configuration in a window."""

    uri: str
    model: str | None
    arn: str | None
    primary: bool  # of the first variant in production, which is not a challenger
    last: str  # the hour, minute and second of the last file


def find_versions(
    pipeline: Pipeline, endpoint: str, champion: Champion, window: Window
) -> tuple[list[Version], list[str]]:
    """Return the versions whose answers of the window can be judged, the one in service first.

    The second result says what cannot be judged. Raises ValueError where answers of *champion*
    cannot be attributed, because its configuration has no capture folder of its own.
    """
    root = _root(pipeline, endpoint, champion)
    answered = list(_answers(root, endpoint, window))
    serving = _in_service(champion, answered, window)
    versions = {serving.arn: Version(serving)}
    unjudged = []
    for answers in answered:
        version = versions.get(answers.arn) or Version(_version(answers))
        if not answers.arn or not version.model.baseline:
            unjudged.append(_unjudged(endpoint, answers))
            continue
        version.captures.append(answers.uri)
        versions[answers.arn] = version
    return list(versions.values()), unjudged


def _root(pipeline: Pipeline, endpoint: str, champion: Champion) -> str:
    if not champion.capture or not champion.config:
        return pipeline.uri("capture")
    root = root_of(champion.capture, champion.config)
    if not root:
        raise ValueError(
            f"Endpoint {endpoint} captures to {champion.capture}, which does not end with its "
            f"configuration's name, {champion.config}: the model of a prediction is unknown. "
            "Deploy it with DeployEndpointOperator, or leave it out of `endpoints`."
        )
    return root


def _in_service(champion: Champion, answered: list[Answers], window: Window) -> Champion:
    """Return what served at the window's end, which may have gone since."""
    if champion.arn in {answers.arn for answers in answered}:
        return champion
    if champion.since and champion.since < window[1]:
        return champion
    former = [
        (answers.last, version)
        for answers in answered
        if answers.primary and answers.arn and (version := find_version(answers.arn)).baseline
    ]
    return max(former, key=lambda one: one[0], default=("", champion))[1]


def _version(answers: Answers) -> Champion:
    return find_version(answers.arn) if answers.arn else Champion(None, None, {})


def _unjudged(endpoint: str, answers: Answers) -> str:
    version = answers.arn or answers.model or "a deleted model"
    why = "has no baseline" if answers.arn else "is not a registered version"
    return (
        f"{endpoint}: {version} served too, but {why}, so {answers.uri} was not checked. "
        "Deploy versions that a retrain has registered."
    )


def _answers(root: str, endpoint: str, window: Window) -> Iterator[Answers]:
    """Yield what was captured, by configuration and variant; also what names no configuration."""
    s3, sagemaker = client("s3"), client("sagemaker")
    for destination in [root, *folders(s3, root)]:
        captured = {
            uri.rpartition("/")[2]: (uri, last)
            for uri in folders(s3, join(destination, endpoint))
            if (last := _last(s3, uri, window))
        }
        if not captured:
            continue
        config = destination.rpartition("/")[2]
        served = read_record(s3, sagemaker, destination, config)
        models = {record["variant"]: record for record in served}
        for variant, (uri, last) in captured.items():
            known = models.get(variant, {})
            model, arn = known.get("model"), known.get("model_package_arn")
            yield Answers(uri, model, arn, known == served[0] if served else False, last)


def _last(s3: Any, uri: str, window: Window) -> str | None:
    """Return the last file that can hold answers of the window; None without such a file."""
    ends = window[0], window[1] - timedelta(microseconds=1)
    start, end = (moment.astimezone(UTC).strftime(HOUR) for moment in ends)
    _, prefix = split(f"{uri}/")
    last = None
    for item in objects(s3, f"{uri}/", after=start):
        name = item["Key"].removeprefix(prefix)
        if name[: len(end)] > end:
            break
        if item["LastModified"] >= window[0]:  # else all in it was answered before
            last = name
    return last
