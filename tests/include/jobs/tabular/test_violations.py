"""All rules that raw data break are counted, and some of each are shown."""

from __future__ import annotations

from pathlib import Path

from include.jobs.tabular.violations import MESSAGE, SHOWN, Violations
from tests.include.jobs.tabular.broken_windows import violations_of
from tests.include.jobs.tabular.window_files import rows_of, write_csv


def test_all_violations_are_counted_and_the_first_of_each_rule_shown(raw: Path) -> None:
    broken = [{**row, "age": "old", "city": "Basel"} for row in rows_of(1000, 3000)]
    write_csv(raw / "2024-01-01.csv", broken)
    violations = violations_of(raw)
    assert violations.counts == {"number": 3000, "vocabulary": 3000}
    assert {rule: len(shown) for rule, shown in violations.shown.items()} == {
        "number": SHOWN,
        "vocabulary": SHOWN,
    }
    message = violations.message()
    assert message.startswith("6000 violations in the raw data (vocabulary 3000, number 3000).")
    assert len(message.encode()) <= MESSAGE
    assert Violations.from_json(violations.to_json()) == violations
