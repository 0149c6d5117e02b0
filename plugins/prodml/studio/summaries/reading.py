"""Read a summary that is young enough for a page to show it, or to begin with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from prodml.aws.errors import is_absent
from prodml.aws.s3 import split
from prodml.studio.reader import KeepingClients, Reader
from prodml.studio.summaries import places

YOUNG = timedelta(minutes=3)  # a run or two may be late
OLDEST = timedelta(days=1)  # of one that is shown until AWS has been read
KEEP = 30.0  # seconds for which responses of S3 are kept


@dataclass(frozen=True)
class Summary:
    """The JSON of an answer, compressed by gzip, and the time to which it is true."""

    content: bytes
    written_at: datetime


def summary_of(
    reader: Reader,
    root: str,
    deployment: str,
    subject: str,
    most: timedelta = YOUNG,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Summary | None:
    """Return the summary of *subject*; None unless a run has written it in the time *most*.

    All viewers together cost two listings a minute, and two calls for each subject.
    """
    from botocore.exceptions import ClientError

    folder = places.folder(root, deployment)
    s3 = KeepingClients(reader, KEEP).client("s3")
    try:
        listed = dict(places.listed(s3, folder))
        # Trials are written when one of them changed; experiments after them, in every run.
        timed = listed.get(places.timed_by(subject))
        if subject not in listed or timed is None or now() - timed["LastModified"] > most:
            return None
        bucket, key = split(places.address(folder, subject))
        response = s3.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if is_absent(error):  # a deployment without its bucket
            return None
        raise
    return Summary(response["Body"].read(), timed["LastModified"])
