from __future__ import annotations

from prodml.notifications.endpoint_events import (
    AuditRequested,
    DriftAlert,
    EndpointExpires,
    RolledBack,
)

COLUMNS = [f"c{number}" for number in range(12)]


def test_a_rollback_names_the_endpoint_and_its_reason() -> None:
    event = RolledBack(endpoint="churn", reason="An alarm fired.")
    assert event.title == "The deployment to endpoint churn was rolled back"
    assert [*event.facts()] == ["An alarm fired."]


def test_a_drift_alert_says_in_words_what_the_check_has_started() -> None:
    event = DriftAlert(subject="churn", columns=COLUMNS, action="retrain_started", reason="PSI.")
    assert event.title == "Drift of churn: retrain started"
    columns, reason = event.facts()
    assert columns.startswith("Columns and metrics: c0, c1, ")
    assert columns.endswith(", c9 and 2 more.")
    assert reason == "PSI."


def test_drift_of_no_column_in_particular_lists_none() -> None:
    event = DriftAlert(subject="churn", columns=[], action="none", reason="Scores moved.")
    assert [*event.facts()] == ["Scores moved."]


def test_a_request_for_an_audit_is_a_drift_alert_of_its_own_name() -> None:
    event = AuditRequested(subject="churn", columns=["age"], reason="Quality fell.")
    assert (event.name, event.title) == ("audit-requested", "Drift of churn: audit requested")
    assert next(event.facts()) == "Columns and metrics: age."


def test_an_endpoint_that_expires_is_named_with_its_end() -> None:
    event = EndpointExpires(endpoint="churn", until="2026-03-01 12:00 UTC")
    assert event.title == "Endpoint churn will be deleted at 2026-03-01 12:00 UTC"
