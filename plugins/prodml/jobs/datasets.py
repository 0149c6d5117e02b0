"""List the S3 addresses that a completed job has read and written, from its description."""

from __future__ import annotations

from collections.abc import Iterator

from prodml.vocabulary import AUTOML, PROCESSING, TRAINING, TRANSFORM, TUNING, Json, Kind

S3 = "S3DataSource"


def inputs(kind: Kind, description: Json) -> list[str]:
    """Return the addresses that the job has read, each once, in the order of the request."""
    return list(dict.fromkeys(_inputs(kind, description)))


def outputs(kind: Kind, description: Json) -> list[str]:
    """Return the addresses that the job has written, each once."""
    return list(dict.fromkeys(_outputs(kind, description)))


def model_data(container: Json) -> list[str]:
    """Return the artifacts of a container as CreateModel takes it: one, or several by hosts."""
    several = container.get("ModelDataSource", {}).get(S3, {}).get("S3Uri")
    return [uri for uri in (container.get("ModelDataUrl"), several) if uri]


def _inputs(kind: Kind, description: Json) -> Iterator[str]:
    if kind is PROCESSING:
        for channel in description.get("ProcessingInputs", []):
            yield from _address(channel.get("S3Input"))
    elif kind is TRANSFORM:
        yield from _address(description["TransformInput"]["DataSource"].get(S3))
    elif kind is AUTOML:
        for channel in description["AutoMLJobInputDataConfig"]:
            yield from _address(channel["DataSource"].get(S3))
    else:
        for channel in _trained(kind, description).get("InputDataConfig", []):
            yield from _address(channel["DataSource"].get(S3))


def _outputs(kind: Kind, description: Json) -> Iterator[str]:
    if kind is PROCESSING:
        for output in description.get("ProcessingOutputConfig", {}).get("Outputs", []):
            yield from _address(output.get("S3Output"))
    elif kind is TRANSFORM:
        yield description["TransformOutput"]["S3OutputPath"]
    elif kind is TRAINING:
        yield description["ModelArtifacts"]["S3ModelArtifacts"]
    else:
        yield _trained(kind, description)["OutputDataConfig"]["S3OutputPath"]


def _trained(kind: Kind, description: Json) -> Json:
    """Return what describes the training: of a tuning job, its definition."""
    if kind is not TUNING:
        return description
    several = description.get("TrainingJobDefinitions") or [{}]
    definition: Json = description.get("TrainingJobDefinition") or several[0]
    return definition


def _address(source: Json | None) -> Iterator[str]:
    if source and "S3Uri" in source:
        yield source["S3Uri"]
