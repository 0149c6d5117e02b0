"""Plan the jobs of an evaluation: transforms of both models, and the job that compares them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from prodml.results import BestTrial, Container, Transformed
from prodml.vocabulary import Json

from include.jobs.tabular.answers import EVEN
from include.jobs.tabular.records import CSV, LINES
from include.pipelines.contracts.data import DataSets, Window
from include.pipelines.contracts.evaluation import Contender, EvaluationPlan
from include.pipelines.definition.pipeline import Pipeline
from include.pipelines.definition.scores import BINARY, MULTICLASS
from include.pipelines.evaluation import contracts_of_versions
from include.pipelines.evaluation.champion import Champion, champion_of
from include.pipelines.training.automl import model_of
from include.pipelines.training.requests import INPUT, OUTPUT, processing
from include.pipelines.training.serving import containers, with_columns

CHALLENGER, CHAMPION, VALIDATION = "challenger", "champion", "validation"
EVALUATION = "evaluation"
LONGEST = 256  # characters of a container's argument, by SageMaker's API


def contenders(pipeline: Pipeline, best: BestTrial, prefix: str, data: DataSets) -> list[Contender]:
    """Return the arguments of the transform jobs, in the order of :func:`roles`.

    All get raw records, and apply their own preprocessing. A champion that the holdout cannot serve
    is left out.
    """
    champion = champion_of(pipeline)
    trial = {"ExperimentName": pipeline.group, "TrialName": best["trial"]}
    shown = trial | {"TrialComponentDisplayName": "Holdout"}
    served = containers(pipeline, model_of(best), data["preprocessing"])
    accept = LINES[0] if pipeline.problem == MULTICLASS else CSV  # the former has probabilities
    holdout, validation = f"{data['holdout']}/", f"{data['validation_records']}/"

    def contender(role: str, served: list[Container], config: Json, rows: str) -> Contender:
        output = f"{prefix}/scores/{role}/"
        return {
            "containers": served,
            "config": config,
            "accept": accept,
            "input_uri": rows,
            "output_uri": output,
        }

    jobs = [contender(CHALLENGER, served, {"ExperimentConfig": shown}, holdout)]
    if pipeline.costs:
        jobs.append(contender(VALIDATION, served, {}, validation))
    if champion and champion.containers:
        comparison = contracts_of_versions.on_holdout(champion, data)
        if comparison.obstacle is None:
            theirs = with_columns(champion.containers, comparison.columns, data["preprocessing"])
            jobs.append(contender(CHAMPION, theirs, {}, holdout))
    return jobs


def roles(pipeline: Pipeline) -> list[str]:
    """Return what each transform job answers for; the last one is left out without a champion."""
    return [CHALLENGER, *([VALIDATION] if pipeline.costs else []), CHAMPION]


def plan_evaluation(
    pipeline: Pipeline,
    scored: Sequence[Transformed],
    window: Window,
    data: DataSets,
    confidence: float,
    trial: str,
) -> EvaluationPlan:
    """Return the request of the evaluation job, and the arguments of its program.

    *scored* has the order of :func:`roles`. The job belongs to *trial*, for the lineage.
    """
    inputs = {role: result["output"] for role, result in zip(roles(pipeline), scored, strict=False)}
    inputs["labels"] = f"{data['holdout_labels']}/"
    if pipeline.segmented:
        inputs["records"] = f"{data['holdout']}/"
    if pipeline.costs:
        inputs["validation_labels"] = f"{data['validation_labels']}/"
    champion = champion_of(pipeline)
    outputs = {EVALUATION: f"{window['artifacts']}/{EVALUATION}"}
    shown = {
        "ExperimentName": pipeline.group,
        "TrialName": trial,
        "TrialComponentDisplayName": "Evaluation",
    }
    return {
        "config": processing(pipeline, inputs, outputs) | {"ExperimentConfig": shown},
        "arguments": [*_command(pipeline, confidence), *_thresholds(pipeline, champion)],
    }


def _command(pipeline: Pipeline, confidence: float) -> Iterator[str]:
    yield from (EVALUATION, "--input", INPUT, "--output", f"{OUTPUT}/{EVALUATION}")
    yield from ("--confidence", f"{confidence}")
    if pipeline.classes:
        yield from ("--classes", *_chunks(pipeline.classes))
    if pipeline.segmented:
        places = (f"{name}={place}" for name, place in pipeline.segmented.items())
        yield from ("--segment", *places)


def _thresholds(pipeline: Pipeline, champion: Champion | None) -> Iterator[str]:
    if pipeline.costs:
        yield from ("--costs", *map(str, pipeline.costs))
    if champion and pipeline.problem == BINARY:
        yield from ("--champion-threshold", champion.facts.get("threshold", EVEN))


def _chunks(names: Sequence[str]) -> Iterator[str]:
    """Yield the names as JSON lists, each short enough for one argument."""
    chunk: list[str] = []
    for name in names:
        if chunk and len(json.dumps([*chunk, name])) > LONGEST:
            yield json.dumps(chunk)
            chunk = []
        chunk.append(name)
    yield json.dumps(chunk)
