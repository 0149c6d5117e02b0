"""The settings of the trials of a job in mode ENSEMBLING."""

from __future__ import annotations

from include.local_aws.sagemaker.automl import ensembling, settings
from include.local_aws.sagemaker.automl.requests import Requests
from include.local_aws.testing import REGION
from tests.include.local_aws.sagemaker.automl.stored import job

MODE = {"Mode": "ENSEMBLING"}


def test_each_trial_has_other_settings_of_the_same_data() -> None:
    requests = Requests(job(MODE), REGION)
    trials = [requests.trial(number) for number in range(1, ensembling.MOST_TRIALS + 1)]
    given = [str(trial["HyperParameters"]) for trial in trials]
    assert len(set(given)) == ensembling.MOST_TRIALS
    assert all("xgboost,randomforest,extra-trees,linear-learner" in text for text in given)
    assert len({str(trial["InputDataConfig"]) for trial in trials}) == 1
    names = {m["Name"] for m in trials[0]["AlgorithmSpecification"]["MetricDefinitions"]}
    assert "validation:f1_binary" in names


def test_the_candidates_are_limited_by_the_trials() -> None:
    assert settings.most_candidates(job(MODE)) == ensembling.MOST_TRIALS
    for most, expected in ((3, 3), (250, ensembling.MOST_TRIALS)):
        criteria = {"CompletionCriteria": {"MaxCandidates": most}}
        assert settings.most_candidates(job(MODE | criteria)) == expected


def test_only_the_algorithms_that_are_asked_for_are_trained() -> None:
    config = {"AlgorithmsConfig": [{"AutoMLAlgorithms": ["extra-trees", "xgboost"]}]}
    request = Requests(job(MODE | {"CandidateGenerationConfig": config}), REGION).trial(1)
    assert request["HyperParameters"]["algorithms"] == "xgboost,extra-trees"
