"""The churn pipeline states what its data, its jobs and its algorithms know."""

from __future__ import annotations

import re
from typing import Any

import pytest

from include.data.churn_world import real_rows
from include.jobs.tabular.encoding import Encoder
from include.local_aws.containers.images import image_for
from include.pipelines.churn import PIPELINE
from include.pipelines.definition.candidate import Candidate
from include.pipelines.training.requests import training

DATA: Any = {"train": "s3://b/train", "validation": "s3://b/validation"}
SCRIPTS = [candidate for candidate in PIPELINE.candidates if candidate.script]


def test_the_schema_reads_the_committed_rows() -> None:
    encoder = Encoder(PIPELINE.schema, dict.fromkeys(PIPELINE.schema.numbers, 1.0))
    records = ([row[name] for name in PIPELINE.schema.inputs] for row in real_rows()[:50])
    widths = {len(encoder.line(record).split(",")) for record in records}
    assert widths == {len(PIPELINE.schema.features)}
    assert PIPELINE.problem == "binary"


@pytest.mark.parametrize("candidate", SCRIPTS, ids=lambda candidate: candidate.name)
def test_a_script_takes_every_hyperparameter_of_its_candidate(candidate: Candidate) -> None:
    script = (PIPELINE.jobs / str(candidate.script)).read_text()
    taken = set(re.findall(r'add_argument\("--([\w-]+)"', script))
    assert set(candidate.hyperparameters) <= taken


@pytest.mark.parametrize("candidate", SCRIPTS, ids=lambda candidate: candidate.name)
def test_a_scripts_metrics_are_found_in_a_line_of_its_log(candidate: Candidate) -> None:
    line = "train:auc=0.97300; validation:auc=0.91250;"
    result = {name: re.findall(pattern, line) for name, pattern in candidate.metrics.items()}
    assert result == {"train:auc": ["0.97300"], "validation:auc": ["0.91250"]}


def test_the_metric_of_the_search_is_one_that_its_candidate_reports() -> None:
    search, candidate = PIPELINE.searched
    assert candidate.algorithm == "xgboost"
    assert PIPELINE.metric == f"validation:{candidate.hyperparameters['eval_metric']}"
    assert search.grid.keys() <= search.ranges.keys()


def test_the_embedded_aws_has_every_image() -> None:
    for candidate in PIPELINE.candidates:
        request = training(PIPELINE, candidate, "s3://b/run", DATA)
        assert image_for(request["AlgorithmSpecification"]["TrainingImage"])
