"""Find the operation of this server that a request names, and the protocol that it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from . import codecs, model, naming


@dataclass(frozen=True)
class Call:
    """An operation that a request names, and the protocol of the request."""

    service: str
    operation: str
    codec: codecs.Codec = codecs.JSON


def called(path: str, headers: Mapping[str, str]) -> Call | None:
    """Return the operation of ours that a request names; None when it is for moto."""
    if path in naming.METRICS:
        return Call("sagemaker-metrics", path.strip("/"))
    if rpc := naming.RPC.fullmatch(path):
        target, name, codec = rpc[1], rpc[2], codecs.CBOR
    else:
        target, _, name = headers.get("x-amz-target", "").partition(".")
        codec = codecs.JSON
    service = model.service_of_target(target) if target else None
    if service == "cloudwatch" and codec is codecs.JSON:
        codec = codecs.METRICS
    return Call(service, name, codec) if service else None
