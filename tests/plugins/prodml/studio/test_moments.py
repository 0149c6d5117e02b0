"""Times as the pages get them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from prodml.studio.moments import iso, milliseconds

SUMMER = timezone(timedelta(hours=2))
AT = datetime(2026, 7, 1, 1, 30, 15, 999_600, tzinfo=SUMMER)


def test_text_is_in_utc_and_has_whole_seconds() -> None:
    assert iso(AT) == "2026-06-30T23:30:15+00:00"
    assert iso(None) is None


def test_milliseconds_are_rounded_and_the_same_in_every_zone() -> None:
    assert milliseconds(AT) == milliseconds(AT.astimezone(UTC)) == 1_782_862_216_000
