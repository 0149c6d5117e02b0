"""Operations on dashboards, which are stored only: nothing draws them."""

from __future__ import annotations

import json
import re

from ..core.account import Aws
from ..core.registry import operation
from ..core.store import Doc
from ..wire import paging
from ..wire.errors import AwsError
from .metric_data import invalid, wrong

KIND = "dashboard"
NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
PAGE = 1000


def arn_of(aws: Aws, name: str) -> str:
    """Return the ARN of a dashboard, which has no region."""
    return f"arn:aws:cloudwatch::{aws.account}:dashboard/{name}"


@operation("cloudwatch", "PutDashboard", stored=True)
def put_dashboard(aws: Aws, request: Doc) -> Doc:
    name, body = request["DashboardName"], request["DashboardBody"]
    if not NAME.fullmatch(name):
        raise _unusable(f"The value {name} for field DashboardName contains invalid characters.")
    _check(body)
    former = aws.store.get(KIND, name)
    doc = {"DashboardName": name, "DashboardBody": body, "LastModified": aws.clock.now()}
    if former:
        aws.store.delete(KIND, name)
    aws.store.insert(KIND, name, doc)
    if not former:  # an existing dashboard gets tags by TagResource only
        aws.store.put_tags(arn_of(aws, name), request.get("Tags", []))
    return {"DashboardValidationMessages": []}


def _check(body: str) -> None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise _unusable("The field DashboardBody must be a valid JSON object.") from None
    if not isinstance(document, dict) or not isinstance(document.get("widgets"), list):
        raise _unusable("The dashboard body is invalid: it must have an array 'widgets'.")


@operation("cloudwatch", "GetDashboard", stored=True)
def get_dashboard(aws: Aws, request: Doc) -> Doc:
    name = request["DashboardName"]
    doc = aws.store.get(KIND, name)
    if doc is None:
        raise AwsError("ResourceNotFound", f"Dashboard {name} does not exist", 404)
    return doc | {"DashboardArn": arn_of(aws, name)}


@operation("cloudwatch", "ListDashboards", stored=True)
def list_dashboards(aws: Aws, request: Doc) -> Doc:
    prefix = request.get("DashboardNamePrefix", "")
    docs = sorted(aws.store.list(KIND), key=lambda doc: str(doc["DashboardName"]))
    entries = [
        doc
        | {
            "DashboardArn": arn_of(aws, doc["DashboardName"]),
            "Size": len(doc["DashboardBody"].encode()),
        }
        for doc in docs
        if doc["DashboardName"].startswith(prefix)
    ]
    try:
        page, token = paging.page(entries, request, PAGE)
    except AwsError:
        raise wrong(request["NextToken"], "NextToken") from None
    return {"DashboardEntries": page, "NextToken": token}


@operation("cloudwatch", "DeleteDashboards", stored=True)
def delete_dashboards(aws: Aws, request: Doc) -> Doc:
    """Delete all named dashboards, or none if one is unknown."""
    names = request["DashboardNames"]
    if unknown := [name for name in names if aws.store.get(KIND, name) is None]:
        raise invalid(f"Dashboard {unknown[0]} does not exist. No dashboard was deleted.")
    for name in dict.fromkeys(names):
        aws.store.delete(KIND, name)
        aws.store.drop_tags(arn_of(aws, name))
    return {}


def _unusable(message: str) -> AwsError:
    return AwsError("InvalidParameterInput", message)
