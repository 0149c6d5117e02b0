"""The jobs of an AutoML job, from the pages of its candidates."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from prodml.jobs.automl_steps import steps_of
from prodml.vocabulary import PROCESSING, TRAINING, TRANSFORM


def candidate(*steps: tuple[str, str]) -> dict[str, Any]:
    return {
        "CandidateSteps": [
            {"CandidateStepType": f"AWS::SageMaker::{noun}", "CandidateStepName": name}
            for noun, name in steps
        ]
    }


SHARED = (("ProcessingJob", "db"), ("TransformJob", "csv"))
PAGES: dict[str | None, dict[str, Any]] = {
    None: {
        "Candidates": [candidate(*SHARED, ("TrainingJob", "t-1"))],
        "NextToken": "more",
    },
    "more": {"Candidates": [candidate(*SHARED, ("TrainingJob", "t-2")), candidate()]},
}


def listed(pages: dict[str | None, dict[str, Any]]) -> list[Any]:
    """Return the steps of a job that SageMaker lists in *pages*, by their tokens."""

    def page(**request: str) -> dict[str, Any]:
        assert request["AutoMLJobName"] == "job"
        return pages[request.get("NextToken")]

    return list(steps_of(SimpleNamespace(list_candidates_for_auto_ml_job=page), "job"))


def test_a_step_that_candidates_share_is_listed_once_on_all_pages() -> None:
    assert listed(PAGES) == [
        (PROCESSING, "db"),
        (TRANSFORM, "csv"),
        (TRAINING, "t-1"),
        (TRAINING, "t-2"),
    ]


def test_jobs_of_one_name_and_several_kinds_are_several() -> None:
    same = candidate(("ProcessingJob", "a"), ("TrainingJob", "a"))
    assert listed({None: {"Candidates": [same]}}) == [(PROCESSING, "a"), (TRAINING, "a")]


def test_a_job_before_its_first_candidate_has_no_steps() -> None:
    assert listed({None: {"Candidates": []}}) == []
