"""The table has a line for each finding, and its fix below."""

from __future__ import annotations

from prodml.preflight.findings import ok, table, unknown, wrong


def test_table() -> None:
    rows = [
        ok("region", "us-east-1"),
        wrong("key", "Disabled", "aws kms enable-key"),
        unknown("a", "b", "c"),
    ]
    assert table(rows).splitlines() == [
        "OK       region  us-east-1",
        "WRONG    key     Disabled",
        "                 -> aws kms enable-key",
        "UNKNOWN  a       b",
        "                 -> c",
    ]
