"""Define the results of the tasks that list, preprocess and prepare data."""

from __future__ import annotations

from typing import TypedDict


class RawInput(TypedDict):
    """The raw rows of a job: a manifest, the S3 prefix of the objects in it, and their number.

    *listing* has the size and digest of each object, by which the job knows a replaced one.
    """

    manifest: str
    listing: str
    raw: str
    objects: int


class Window(RawInput):
    """A run's window of complete partitions, and where in S3 the run works.

    *start*, *holdout* and *end* are UTC instants in ISO form: the rows from *holdout* on are held
    out. *prefix* and *artifacts* are S3 addresses: rows and reports lie below the former, and
    expire; what a version needs lies below the latter, and stays. *started_by* is an alert or the
    kind of run.
    """

    start: str
    holdout: str
    end: str
    prefix: str
    artifacts: str
    started_by: str


class DataSets(TypedDict):
    """The S3 prefixes of the data sets that preprocessing makes."""

    train: str
    validation: str
    validation_records: str
    validation_labels: str
    holdout: str
    holdout_labels: str
    baseline: str
    preprocessing: str


class Prepared(TypedDict):
    """A run's data sets, and the trial component of their preprocessing."""

    outputs: DataSets
    trial_component: str


class Tables(TypedDict):
    """The S3 prefixes of the data sets that an AutoML job reads, which have a header."""

    train: str
    validation: str


class Tabulated(TypedDict):
    """The result of the job that adds the headers."""

    outputs: Tables


class Images(TypedDict):
    """The S3 prefix of a study's images, and the local files to upload there first."""

    uri: str
    files: list[str]


class Pixels(TypedDict):
    """The statistics that a study's trials normalize images with."""

    normalization_mean: float
    normalization_std: float
    training_images: int
