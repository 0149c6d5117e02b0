"""Read a summary while it is young, by few calls for all viewers."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest
from prodml.aws.client import Aws
from prodml.studio.experiments.trials import experiments, trials
from prodml.studio.reader import Reader
from prodml.studio.summaries import places
from prodml.studio.summaries.reading import OLDEST, YOUNG, Summary, summary_of
from prodml.studio.summaries.writing import Writer

DEPLOYMENT = "summaries"


@pytest.fixture(scope="module")
def root(bucket: str, failed_trial: tuple[str, str]) -> str:
    """An address below which the summaries of the account were written."""
    root = f"s3://{bucket}/read"
    Writer(Aws(), root, DEPLOYMENT).write()
    return root


def read(
    root: str,
    subject: str,
    minutes: int = 0,
    deployment: str = DEPLOYMENT,
    most: timedelta = YOUNG,
) -> Summary | None:
    later = datetime.now(UTC) + timedelta(minutes=minutes)
    return summary_of(Reader(Aws()), root, deployment, subject, most, lambda: later)


def data(summary: Summary | None) -> object:
    assert summary
    return json.loads(gzip.decompress(summary.content))


def test_a_summary_is_what_the_api_would_return(root: str, failed_trial: tuple[str, str]) -> None:
    assert data(read(root, places.EXPERIMENTS)) == experiments(Aws())
    assert data(read(root, places.trials_of(failed_trial[0]))) == trials(Aws(), failed_trial[0])


@pytest.mark.parametrize("subject", [places.MODELS, places.trials_of("studio-trials")])
def test_one_that_is_minutes_old_is_not_used(root: str, subject: str) -> None:
    assert read(root, subject, minutes=2)
    assert read(root, subject, minutes=4) is None
    assert read(root, subject, minutes=4, most=OLDEST), "but until AWS has been read"


def test_pages_read_aws_where_no_dag_writes_summaries(root: str) -> None:
    assert read(root, places.MODELS, deployment="another") is None
    assert read("s3://no-such-bucket-yet", places.MODELS) is None


def test_all_viewers_together_cost_a_listing_and_a_call_for_each_subject(root: str) -> None:
    reader = Reader(Aws())
    for _ in range(5):
        for subject in (places.MODELS, places.EXPERIMENTS):
            assert summary_of(reader, root, DEPLOYMENT, subject)
    assert reader.calls == {"s3:list_objects_v2": 1, "s3:get_object": 2}
