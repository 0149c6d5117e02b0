"""Give the rows of partitions to jobs: a manifest of objects, uploaded first if they are files."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from prodml.aws.digests import Replaced, whole_digests
from prodml.aws.manifests import Listed, write_manifest
from prodml.aws.s3 import send_below_digest, split

from include.pipelines.adapters.aws import client
from include.pipelines.contracts.data import RawInput
from include.pipelines.data import retention
from include.pipelines.data.landing import Folder, Item
from include.pipelines.data.partitions import BadPartition, Partition, contents
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
    manifest, listing = write_manifest(client("s3"), folder, prefix, listed)
    log.info("%d objects of %d partitions are in %s", len(listed), len(partitions), manifest)
    return {"manifest": manifest, "listing": listing, "raw": prefix, "objects": len(listed)}


def _uploaded(root: Path, items: Sequence[Item], prefix: str) -> list[Listed]:
    s3, listed = client("s3"), []
    for item in items:
        name, digest = send_below_digest(s3, root / item.name, prefix, item.name)
        listed.append(Listed(name, (root / item.name).stat().st_size, digest))
    return listed


def _in_bucket(prefix: str, items: Sequence[Item]) -> list[Listed]:
    bucket, above = split(prefix)
    etags = {f"{above}{item.name}": item.tag for item in items}
    try:
        digests = whole_digests(client("s3"), bucket, etags)
    except Replaced as error:
        raise BadPartition(
            f"{error} was replaced or deleted while the run listed it. Clear the task when the "
            "partition is complete."
        ) from None
    return [
        Listed(item.name, item.size, digest, item.tag)
        for item, digest in zip(items, digests, strict=True)
    ]
