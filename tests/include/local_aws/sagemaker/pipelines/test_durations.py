"""The durations of caches."""

from __future__ import annotations

import pytest

from include.local_aws.sagemaker.pipelines.durations import DAY, seconds


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P30D", 30 * DAY),
        ("p30d", 30 * DAY),
        ("30d", 30 * DAY),
        ("5y", 5 * 365 * DAY),
        ("T16m", 16 * 60),
        ("PT1H", 3600),
        ("30dT5h", 30 * DAY + 5 * 3600),
        ("P4DT12H", 4 * DAY + 12 * 3600),
        ("P2M", 60 * DAY),
        ("P1W", 7 * DAY),
    ],
)
def test_the_forms_of_aws_and_iso_8601(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["", "P", "PT", "soon", "1.5d", "P1D2H"])
def test_another_form_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISO 8601 duration"):
        seconds(text)
