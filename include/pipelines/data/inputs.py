"""Give the rows of partitions to jobs: a manifest of objects, uploaded first if they are files."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from prodml.aws.digests import object_digests
from prodml.aws.manifests import Listed, write_manifest
from prodml.aws.s3 import send_below_digest, split

from include.pipelines.adapters.aws import client
from include.pipelines.contracts.data import RawInput
from include.pipelines.data import retention
from include.pipelines.data.landing import Folder, Item
from include.pipelines.data.partitions import Partition, contents
from include.pipelines.definition.pipeline import Pipeline

log = logging.getLogger(__name__)


def publish(
    pipeline: Pipeline, partitions: Sequence[Partition], folder: str, now: datetime
) -> RawInput:
    """Write the manifest of complete partitions into *folder*.

    The files of partitions of this machine are uploaded below `<pipeline>/raw/` by their digests,
    once for all runs; objects of a landing in S3 stay where they are.
    """
    listed: list[Listed] = []
    prefix = f"{pipeline.uri(retention.RAW)}/"
    for partition in partitions:
        items, place = contents(pipeline.partitions, partition, now), partition.place
        if isinstance(place, Folder):
            listed += _uploaded(place.root, items, prefix)
        else:
            prefix = place.address
            listed += _in_bucket(prefix, items)
    uri = write_manifest(client("s3"), folder, prefix, listed)
    log.info("%d objects of %d partitions are in %s", len(listed), len(partitions), uri)
    return {"manifest": uri, "raw": prefix, "objects": len(listed)}


def _uploaded(root: Path, items: Sequence[Item], prefix: str) -> list[Listed]:
    s3 = client("s3")
    return [Listed(*send_below_digest(s3, root / item.name, prefix, item.name)) for item in items]


def _in_bucket(prefix: str, items: Sequence[Item]) -> list[Listed]:
    bucket, above = split(prefix)
    heads = [{"Key": f"{above}{item.name}", "ETag": item.tag} for item in items]
    digests = object_digests(client("s3"), bucket, heads)
    return [Listed(item.name, digest) for item, digest in zip(items, digests, strict=True)]
