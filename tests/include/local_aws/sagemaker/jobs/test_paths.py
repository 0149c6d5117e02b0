"""Paths of a request, as places in a job's folder."""

from __future__ import annotations

import pytest

from include.local_aws.sagemaker.jobs.paths import below_opt_ml
from include.local_aws.wire.errors import AwsError


@pytest.mark.parametrize(
    ("path", "relative"),
    [("/opt/ml/checkpoints", "checkpoints"), ("/opt/ml//a/b/", "a/b"), ("/opt/ml/.a", ".a")],
)
def test_a_place_below_is_relative_to_opt_ml(path: str, relative: str) -> None:
    assert below_opt_ml(path, "LocalPath") == relative


@pytest.mark.parametrize("path", ["", "/", "/opt/ml", "/opt/ml/", "/opt/mlx", "/opt/ml/../a", "a"])
def test_any_other_is_refused_by_its_member(path: str) -> None:
    with pytest.raises(AwsError, match=r"LocalPath .* Give a folder below /opt/ml\."):
        below_opt_ml(path, "LocalPath")


def test_a_narrower_base_is_kept_in_the_answer() -> None:
    base = "/opt/ml/processing"
    assert below_opt_ml(f"{base}/in", "LocalPath", base) == "processing/in"
    with pytest.raises(AwsError, match=base):
        below_opt_ml("/opt/ml/model", "LocalPath", base)
