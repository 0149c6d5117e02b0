"""Name the objects of the summaries, and list them with their times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from prodml.aws.s3 import join, objects, split
from prodml.vocabulary import Json

MODELS, ENDPOINTS, EXPERIMENTS, DRIFT = "models", "endpoints", "experiments", "drift"
STATE = "state"  # of the writer
TRIALS = "trials/"
END = ".json.gz"


def folder(root: str, deployment: str) -> str:
    """Return the folder of a deployment's summaries below *root*."""
    return join(root, "studio", deployment)


def address(folder: str, subject: str) -> str:
    """Return the address of the object of *subject*."""
    return join(folder, f"{subject}{END}")


def trials_of(experiment: str) -> str:
    """Return the subject that is the trials of *experiment*."""
    return f"{TRIALS}{quote(experiment, safe='')}"


def listed(s3: Any, folder: str) -> Iterator[tuple[str, Json]]:
    """Yield each subject that has an object, with its listing; a thousand need one call."""
    _, prefix = split(f"{folder}/")
    for item in objects(s3, f"{folder}/"):
        yield str(item["Key"]).removeprefix(prefix).removesuffix(END), item


def timed_by(subject: str) -> str:
    """Return the subject whose object is written in every run, after that of *subject*."""
    return EXPERIMENTS if subject == DRIFT or subject.startswith(TRIALS) else subject
