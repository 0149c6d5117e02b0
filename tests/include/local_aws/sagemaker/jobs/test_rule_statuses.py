"""The end of a training job's rules."""

from __future__ import annotations

from include.local_aws.sagemaker.jobs.rule_statuses import DEBUG, PROFILER, settled


def status(name: str, value: str) -> dict[str, str]:
    return {"RuleConfigurationName": name, "RuleEvaluationStatus": value}


def test_rules_that_have_a_result_keep_it() -> None:
    doc = {
        DEBUG: [status("overfit", "IssuesFound"), status("loss", "InProgress")],
        PROFILER: [status("io", "InProgress")],
    }
    assert settled(doc, RuleEvaluationStatus="NoIssuesFound") == {
        DEBUG: [status("overfit", "IssuesFound"), status("loss", "NoIssuesFound")],
        PROFILER: [status("io", "NoIssuesFound")],
    }
    assert doc[PROFILER] == [status("io", "InProgress")]


def test_a_job_without_rules_has_no_statuses() -> None:
    assert settled({}, RuleEvaluationStatus="Error") == {}
