"""Read the input contract of a version, and hold it against a holdout's or another version's.

A version's metadata has the digest of its contract; the contract itself lies with its baseline.
"""

from __future__ import annotations

from prodml.exceptions import MissingObjectError

from include.jobs.drift.contracts import CONTRACT
from include.pipelines.adapters.aws import read_document
from include.pipelines.contracts.data import DataSets
from include.pipelines.definition.contract import Contract
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.evaluation.champion import Champion
from include.pipelines.evaluation.comparability import Comparability, changes, comparability


def of_version(version: Champion) -> Contract | None:
    """Return the contract of a version; None if it states none, or its baseline is gone."""
    if "input_contract" not in version.facts or not version.baseline:
        return None
    try:
        return _at(version.baseline)
    except MissingObjectError:
        return None


def of_data(data: DataSets) -> Contract:
    """Return the contract of the models of a run's data."""
    return _at(data["baseline"])


def on_holdout(champion: Champion, data: DataSets) -> Comparability:
    """Return whether the holdout of *data* can serve the model in production."""
    if champion.containers is None:
        return Comparability("is made of containers that are unknown")
    return comparability(of_version(champion), of_data(data))


def smoke_record(pipeline: Pipeline, version: Champion | None) -> str:
    """Return a record for a test request to *version*, which may be of an older contract."""
    contract = of_version(version) if version else None
    return (contract or pipeline.contract).record()


def callers_change(new: Contract | None, champion: Champion | None) -> str | None:
    """Return what callers must change once a model of *new* serves, if both contracts are known."""
    old = of_version(champion) if champion else None
    return changes(new, old) if new and old else None


def refuse_missing_columns(pipeline: Pipeline, champion: Champion) -> None:
    """Raise if the model in production takes columns that files of *pipeline* no longer have."""
    contract, stated = of_version(champion), pipeline.contract.kinds
    if missing := [name for name in contract.kinds if name not in stated] if contract else []:
        raise ValueError(
            f"{champion.arn} takes the columns {missing}, which the schema of {pipeline.name} has "
            f"no longer: its files cannot be scored. Run retrain_{pipeline.name} with allow_older, "
            "or deploy a version of the present schema."
        )


def address(baseline: str) -> str:
    """Return the S3 address of the contract of a baseline."""
    return f"{baseline.rstrip('/')}/{CONTRACT}"


def _at(baseline: str) -> Contract:
    """Return the contract of a baseline; raise MissingObjectError if it states none."""
    return Contract.of(read_document(address(baseline)))
