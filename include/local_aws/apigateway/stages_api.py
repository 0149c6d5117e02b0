"""The operations on deployments, which copy an API, and on stages, which answer with a copy."""

from __future__ import annotations

import copy
import re

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc, Duplicate
from . import apis, patches, stage_settings
from .errors import bad_request, conflict, not_found, refuse_members

SERVICE = "apigateway"
STAGE, DEPLOYMENT = "api-stage", "api-deployment"
NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
VARIABLE = re.compile(r"[A-Za-z0-9_.~:/?#&=,%+-]*")
NO_CACHE = "Caches are not emulated."
UNUSED = {
    "cacheClusterEnabled": NO_CACHE,
    "cacheClusterSize": NO_CACHE,
    "canarySettings": "Use the endpoint's own rollouts.",
    "tracingEnabled": "X-Ray is not emulated.",
    "documentationVersion": "Documentation is not emulated.",
}
COPIED = ("name", "rootResourceId", "resources", "models", "validators", "responses")


def key(api: str, name: str) -> str:
    """Return the name of a stage or a deployment in the store."""
    return f"{api}/{name}"


@operation(SERVICE, "CreateDeployment")
def create_deployment(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    refuse_members("CreateDeployment", request, UNUSED)
    methods = [m for r in api["resources"].values() for m in r["methods"].values()]
    if not methods:
        raise bad_request("The REST API doesn't contain any methods")
    if any("methodIntegration" not in method for method in methods):
        raise bad_request("No integration defined for method")
    if request.get("stageName"):
        _check_stage(request["stageName"], request.get("variables"))
    deployment = {
        "id": apis.new_id(6),
        "restApiId": api["id"],
        "description": request.get("description"),
        "createdDate": int(aws.clock.now()),
        "snapshot": copy.deepcopy({member: api[member] for member in COPIED}),
    }
    deployment["key"] = key(api["id"], deployment["id"])
    aws.store.insert(DEPLOYMENT, deployment["key"], deployment)
    if request.get("stageName"):
        _deploy(aws, request, deployment["id"])
    return deployment


def _deploy(aws: Aws, request: Doc, deployment: str) -> None:
    place = key(request["restApiId"], request["stageName"])
    if aws.store.get(STAGE, place) is None:
        given = {"description": request.get("stageDescription")}
        _add_stage(aws, request | given | {"deploymentId": deployment})
        return
    changes: Doc = {"deploymentId": deployment, "lastUpdatedDate": int(aws.clock.now())}
    if request.get("variables"):
        changes["variables"] = request["variables"]
    aws.store.update(STAGE, place, **changes)
    apis.forget(aws, request["restApiId"])


def _summary(deployment: Doc) -> Doc:
    summary = {
        resource["path"]: {
            name: {
                "authorizationType": method["authorizationType"],
                "apiKeyRequired": method["apiKeyRequired"],
            }
            for name, method in resource["methods"].items()
        }
        for resource in deployment["snapshot"]["resources"].values()
        if resource["methods"]
    }
    return deployment | {"apiSummary": summary}


def _deployment(aws: Aws, request: Doc) -> Doc:
    apis.rest_api(aws, request)
    place = key(request["restApiId"], request["deploymentId"])
    error = not_found("Invalid Deployment identifier specified")
    return apis.get(aws, DEPLOYMENT, place, error)


@operation(SERVICE, "GetDeployment")
def get_deployment(aws: Aws, request: Doc) -> Doc:
    deployment = _deployment(aws, request)
    return _summary(deployment) if "apisummary" in request.get("embed", ()) else deployment


@operation(SERVICE, "GetDeployments")
def get_deployments(aws: Aws, request: Doc) -> Doc:
    api = apis.rest_api(aws, request)
    known = [d for d in aws.store.list(DEPLOYMENT) if d["restApiId"] == api["id"]]
    return apis.page(known, request)


@operation(SERVICE, "UpdateDeployment")
def update_deployment(aws: Aws, request: Doc) -> Doc:
    deployment = _deployment(aws, request)
    patches.apply(deployment, request.get("patchOperations"), {"/description": patches.text})
    return aws.store.update(DEPLOYMENT, deployment["key"], **deployment)


@operation(SERVICE, "DeleteDeployment")
def delete_deployment(aws: Aws, request: Doc) -> Doc:
    deployment = _deployment(aws, request)
    if any(stage["deploymentId"] == deployment["id"] for stage in _stages(aws, request)):
        raise bad_request("Active stages pointing to this deployment must be moved or deleted")
    aws.store.delete(DEPLOYMENT, deployment["key"])
    return {}


@operation(SERVICE, "CreateStage")
def create_stage(aws: Aws, request: Doc) -> Doc:
    _deployment(aws, request)
    refuse_members("CreateStage", request, UNUSED)
    _check_stage(request["stageName"], request.get("variables"))
    return _shown(aws, _add_stage(aws, request))


def _check_stage(name: str, variables: Doc | None) -> None:
    if not NAME.fullmatch(name):
        raise bad_request("Stage name only allows a-zA-Z0-9_-")
    for variable, value in (variables or {}).items():
        if not re.fullmatch(r"\w+", variable) or not VARIABLE.fullmatch(value):
            raise bad_request(
                f"Invalid stage variable {variable}={value!r}. Use letters and digits."
            )


def _add_stage(aws: Aws, request: Doc) -> Doc:
    now = int(aws.clock.now())
    stage: Doc = {
        "key": key(request["restApiId"], request["stageName"]),
        "restApiId": request["restApiId"],
        "stageName": request["stageName"],
        "deploymentId": request["deploymentId"],
        "description": request.get("description"),
        "variables": request.get("variables", {}),
        "methodSettings": {},
        "cacheClusterEnabled": False,
        "tracingEnabled": False,
        "createdDate": now,
        "lastUpdatedDate": now,
    }
    try:
        aws.store.insert(STAGE, stage["key"], stage)
    except Duplicate:
        raise conflict("Stage already exists") from None
    apis.put_tags(aws, _path(stage), request.get("tags"))
    apis.forget(aws, request["restApiId"])
    return stage


def _path(stage: Doc) -> str:
    return f"/restapis/{stage['restApiId']}/stages/{stage['stageName']}"


def _shown(aws: Aws, stage: Doc) -> Doc:
    return stage | {"tags": apis.tags(aws, _path(stage))}


def _stages(aws: Aws, request: Doc) -> list[Doc]:
    return [s for s in aws.store.list(STAGE) if s["restApiId"] == request["restApiId"]]


def _stage(aws: Aws, request: Doc) -> Doc:
    apis.rest_api(aws, request)
    place = key(request["restApiId"], request["stageName"])
    return apis.get(aws, STAGE, place, not_found("Invalid stage identifier specified"))


@operation(SERVICE, "GetStage")
def get_stage(aws: Aws, request: Doc) -> Doc:
    return _shown(aws, _stage(aws, request))


@operation(SERVICE, "GetStages")
def get_stages(aws: Aws, request: Doc) -> Doc:
    apis.rest_api(aws, request)
    wanted = request.get("deploymentId")
    known = [s for s in _stages(aws, request) if wanted in (None, s["deploymentId"])]
    return {"item": [_shown(aws, stage) for stage in known]}


@operation(SERVICE, "UpdateStage")
def update_stage(aws: Aws, request: Doc) -> Doc:
    stage = _stage(aws, request)
    stage_settings.change(aws, stage, request.get("patchOperations") or [])
    _deployment(aws, request | {"deploymentId": stage["deploymentId"]})
    _check_stage(stage["stageName"], stage["variables"])
    stage["lastUpdatedDate"] = int(aws.clock.now())
    aws.store.update(STAGE, stage["key"], **stage)
    apis.forget(aws, stage["restApiId"])
    return _shown(aws, stage)


@operation(SERVICE, "DeleteStage")
def delete_stage(aws: Aws, request: Doc) -> Doc:
    stage = _stage(aws, request)
    aws.store.delete(STAGE, stage["key"])
    aws.store.drop_tags(apis.arn(aws, _path(stage)))
    apis.forget(aws, stage["restApiId"])
    return {}
