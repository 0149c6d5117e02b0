"""The request context of a decision: the keys of the principal, the network and the resource.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from ..wire.http import Scope
from .needs import Need
from .principals import Principal

Keys = dict[str, tuple[str, ...]]
TagsOf = Callable[[str], Mapping[str, str]]  # the tags of the resource of an ARN
FALSE, TRUE = ("false",), ("true",)


def of_principal(principal: Principal) -> Keys:
    """Return the keys that describe who makes a request."""
    if principal.kind == "Anonymous":
        return {"aws:principaltype": ("Anonymous",), "aws:principalisawsservice": FALSE}
    keys: Keys = {
        "aws:principalarn": (principal.role_arn or principal.arn,),
        "aws:principalaccount": (principal.account,),
        "aws:principaltype": (principal.kind,),
        "aws:principalisawsservice": FALSE,
        "aws:userid": (principal.user_id,),
    }
    if principal.kind == "User":
        keys["aws:username"] = (principal.arn.rpartition("/")[2],)
    tags = {f"aws:principaltag/{name.lower()}": (value,) for name, value in principal.tags.items()}
    return keys | tags


def of_network(scope: Scope, headers: Mapping[str, str], now: float, region: str) -> Keys:
    """Return the keys of the connection and the time."""
    moment = datetime.fromtimestamp(now, UTC)
    client = scope.get("client") or ("127.0.0.1", 0)
    keys: Keys = {
        "aws:sourceip": (client[0],),
        "aws:securetransport": TRUE if scope.get("scheme") == "https" else FALSE,
        "aws:currenttime": (moment.strftime("%Y-%m-%dT%H:%M:%SZ"),),
        "aws:epochtime": (str(int(now)),),
        "aws:viaawsservice": FALSE,
        "aws:requestedregion": (region,),
    }
    for name in ("user-agent", "referer"):
        if value := headers.get(name):
            keys[f"aws:{name.replace('-', '')}"] = (value,)
    return keys


def of_resource(need: Need, tags_of: TagsOf) -> Keys:
    """Return the keys of the resource's tags, by the global name and by the service's own."""
    if not need.resource.startswith("arn:"):
        return {}
    service = need.action.partition(":")[0]
    keys: Keys = {}
    for name, value in tags_of(need.resource).items():
        keys[f"aws:resourcetag/{name.lower()}"] = (value,)
        keys[f"{service}:resourcetag/{name.lower()}"] = (value,)
    return keys
