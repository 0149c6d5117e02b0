"""Plan the deployment of any registered version, such as an on-call rollback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from prodml.vocabulary import Json

from include.pipelines.adapters.aws import client
from include.pipelines.contracts.deployment import (
    ServingComponent,
    ServingInstances,
    VersionPlan,
)
from include.pipelines.data.runs import refuse_contradictions
from include.pipelines.definition.catalog import find
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.resources import Step
from include.pipelines.deployment.pins import pinned
from include.pipelines.errors import NothingNew
from include.pipelines.evaluation import contracts_of_versions
from include.pipelines.evaluation.champion import Champion, champion_of, find_version
from include.pipelines.evaluation.scorecards import basis, moves, scorecards

SCORE = "metric:holdout_"


def plan(params: Mapping[str, Any]) -> VersionPlan:
    """Return the version to deploy with its scorecard; NothingNew if only a pin is released."""
    refuse_contradictions(params)
    pipeline = find(params["pipeline"])
    if params["version"] is None:
        if params["release_pin"]:
            raise NothingNew(f"The pin of {pipeline.name} is released; no version is deployed.")
        raise ValueError(
            f"No version was given. {_known(pipeline)} Set `version` or `release_pin`."
        )
    _refuse_other_kinds(pipeline, params)
    package = _version(pipeline, params["version"])
    champion = champion_of(pipeline)
    cards = scorecards(_card_of(_facts(package)), _card_of(champion.facts if champion else {}))
    version = find_version(package["ModelPackageArn"])
    _refuse_several_containers(pipeline, params["version"], version)
    warnings = [
        moves(pinned(pipeline), bool(params.get("pin"))),
        contracts_of_versions.callers_change(contracts_of_versions.of_version(version), champion),
    ]
    return {
        "pipeline": pipeline.name,
        "endpoint": pipeline.endpoint,
        "version": params["version"],
        "model_package_arn": package["ModelPackageArn"],
        "approval": package["ModelApprovalStatus"],
        "serving": champion.arn if champion else None,
        "capture": pipeline.capture,
        "payload": contracts_of_versions.smoke_record(pipeline, version),
        "scorecards": f"{cards}\n\n{basis(_facts(package), warnings)}",
        **serving_instances(pipeline),
        **serving_component(pipeline),
    }


def serving_instances(pipeline: Pipeline) -> ServingInstances:
    """Return the deployment operator's arguments for the instances of the endpoint."""
    instances = pipeline.resources.endpoint
    return {
        "instance_type": instances.types(Step.ENDPOINT)[0],
        "instance_count": instances.count,
        "volume_gb": instances.volume_gb,
        "serverless": pipeline.serverless.as_json() if pipeline.serverless else None,
    }


def serving_component(pipeline: Pipeline) -> ServingComponent:
    """Return the component operators' arguments; None where the pipeline serves otherwise."""
    return {
        "component": pipeline.component_name,
        "needs": asdict(pipeline.component) if pipeline.component else None,
        "hosts": asdict(pipeline.hosts) if pipeline.component else None,
    }


def _refuse_other_kinds(pipeline: Pipeline, params: Mapping[str, Any]) -> None:
    """Raise for what the form asks and the pipeline's serving kind does not have."""
    if (rollout := params["rollout"]) not in pipeline.strategies:
        raise ValueError(
            f"rollout is {rollout}, and {pipeline.name} is {pipeline.kind}. Use one of "
            f"{', '.join(pipeline.strategies)}."
        )
    if pipeline.component and params["hours_to_live"] is not None:
        raise ValueError(
            f"hours_to_live is {params['hours_to_live']}, and {pipeline.name} is {pipeline.kind} "
            f"on endpoint {pipeline.endpoint}, which other components may share. Leave it empty, "
            f"and end its service by tear_down_{pipeline.name}."
        )


def _refuse_several_containers(pipeline: Pipeline, number: int, version: Champion) -> None:
    """Raise for a version of another serving kind, whose containers this one does not take."""
    if pipeline.is_packed and len(version.containers or ()) > 1:
        raise ValueError(
            f"Version {number} of {pipeline.name} has several containers: it was made before the "
            f"pipeline was {pipeline.kind}, which takes one. Run retrain_{pipeline.name}."
        )


def _version(pipeline: Pipeline, version: int) -> Json:
    for package in _packages(pipeline):
        if package["ModelPackageVersion"] == version:
            return _describe(package["ModelPackageArn"])
    raise ValueError(f"{pipeline.name} has no version {version}. {_known(pipeline)} Choose one.")


def _describe(arn: str) -> Json:
    package: Json = client("sagemaker").describe_model_package(ModelPackageName=arn)
    return package


def _known(pipeline: Pipeline) -> str:
    known = [
        f"{p['ModelPackageVersion']} ({p['ModelApprovalStatus']})" for p in _packages(pipeline)
    ]
    return f"Registered versions: {', '.join(known) or 'none'}."


def _packages(pipeline: Pipeline) -> list[Json]:
    pages = client("sagemaker").get_paginator("list_model_packages")
    listed = pages.paginate(ModelPackageGroupName=pipeline.group, SortOrder="Ascending")
    return [package for page in listed for package in page["ModelPackageSummaryList"]]


def _facts(package: Json) -> Mapping[str, str]:
    facts: Mapping[str, str] = package.get("CustomerMetadataProperties", {})
    return facts


def _card_of(facts: Mapping[str, str]) -> dict[str, float]:
    """Return the scores on its own holdout from a version's metadata."""
    return {k.removeprefix(SCORE): float(v) for k, v in facts.items() if k.startswith(SCORE)}
