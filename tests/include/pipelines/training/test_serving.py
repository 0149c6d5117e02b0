"""The contract of what serves: the same records to each candidate, by endpoint and by batch."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from prodml.endpoints.component import Component
from prodml.operators.processing import ProcessingJobOperator
from prodml.operators.project import EnsureExperimentOperator
from prodml.operators.training import TrainTrialOperator
from prodml.operators.transform import BatchTransformOperator
from prodml.results import Container

from include.data.churn_world import COMMITTED, real_rows
from include.jobs.churn.schema import SCHEMA
from include.local_aws.testing import Server, connection_to
from include.pipelines.churn import PIPELINE
from include.pipelines.contracts.data import DataSets
from include.pipelines.definition.candidate import Candidate
from include.pipelines.stages.batch import KEY_AND_ANSWER
from include.pipelines.training import packing, requests
from include.pipelines.training.serving import containers
from include.settings import ROOT, settings
from tests.include.local_aws.models import Platform, variant
from tests.plugins.runs import ROLE, Ti, run

JSON, LINES, CSV = "application/json", "application/jsonlines", "text/csv"
SMALL = {"num_round": 5, "n-estimators": 5}
ROWS = 25
FORMS = {"csv": CSV, "header": CSV, "list": JSON, "lines": LINES}
HOSTED = replace(PIPELINE, component=Component(memory_mb=1024))
PACKED, ONE_OF_EACH = "-packed", ("xgboost-shallow", "random-forest")
CANDIDATES = {candidate.name: candidate for candidate in PIPELINE.candidates}


@pytest.fixture(scope="module")
def records() -> list[dict[str, str]]:
    """Return raw records, one of them with an empty number."""
    chosen = [{name: row[name] for name in SCHEMA.inputs} for row in real_rows()[-ROWS:]]
    chosen[3]["total_day_minutes"] = ""
    return chosen


@pytest.fixture(scope="module")
def home(local_aws_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the S3 prefix of data sets that the preprocessing has made of two weeks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRFLOW_CONN_AWS_DEFAULT", connection_to(local_aws_server.url))
        raw, output = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("output")
        for path in sorted(COMMITTED.glob("*.csv"))[:2]:
            (raw / path.name).write_text(path.read_text())
        command = [sys.executable, str(ROOT / "include" / "jobs" / "run.py")]
        command += ["tabular.preprocess", "split", "--schema", "churn"]
        command += ["--raw", str(raw), "--output", str(output)]
        subprocess.run(command, check=True, capture_output=True)
        uri = settings().uri("contract")
        _upload(local_aws_server, output, uri)
        yield uri


def _upload(server: Server, folder: Path, uri: str) -> None:
    s3 = server.client("s3", s3={"addressing_style": "path"})
    bucket, _, prefix = uri.removeprefix("s3://").partition("/")
    s3.create_bucket(Bucket=bucket)
    for path in (path for path in folder.rglob("*") if path.is_file()):
        s3.upload_file(str(path), bucket, f"{prefix}/{path.relative_to(folder)}")


@pytest.fixture(scope="module")
def served(home: str) -> dict[str, list[Container]]:
    """Return the inference pipeline of each candidate, trained in a few rounds."""
    run(EnsureExperimentOperator(task_id="experiment", experiment="contract"), Ti(run_id="r"))
    with ThreadPoolExecutor(len(CANDIDATES)) as pool:
        trained = pool.map(lambda candidate: _train(candidate, home), CANDIDATES.values())
        trials = dict(zip(CANDIDATES, trained, strict=True))
    stated = f"{home}/preprocessing"
    whole = {
        f"{name}{PACKED}": containers(HOSTED, [_packed(trials[name], name, home)], stated)
        for name in ONE_OF_EACH
    }
    return whole | {
        name: containers(PIPELINE, [trial["container"]], stated) for name, trial in trials.items()
    }


def _packed(trial: Any, name: str, home: str) -> Container:
    """Return the container of a trial whose archive the program of the packing job has made."""
    data: Any = {"preprocessing": f"{home}/preprocessing"}
    folder = f"{home}/{name}"
    plan = packing.plan(HOSTED, trial, folder, data)
    operator = ProcessingJobOperator(
        task_id="pack",
        code_prefix=f"{home}/code",
        role_arn=ROLE,
        poll_interval=0.2,
        config=plan["config"],
        arguments=plan["arguments"],
        **requests.packing(HOSTED),
    )
    result = run(operator, Ti(run_id=f"pack-{name}"))
    return packing.packed(trial, result["outputs"]["packed"])["container"]


def _train(candidate: Candidate, home: str) -> Any:
    given = candidate.hyperparameters
    small = replace(
        candidate, hyperparameters={**given, **{k: v for k, v in SMALL.items() if k in given}}
    )
    data: Any = {name: f"{home}/{name}" for name in DataSets.__annotations__}
    operator = TrainTrialOperator(
        task_id="train",
        experiment="contract",
        code_prefix=f"{home}/code",
        role_arn=ROLE,
        poll_interval=0.2,
        **requests.trial(PIPELINE, small, home, data),
    )
    return run(operator, Ti(run_id=candidate.name))


@pytest.fixture(scope="module")
def endpoint(local_aws_server: Server, served: dict[str, list[Container]]) -> Iterator[Any]:
    """Return a function that asks a candidate, all of which stand on one endpoint."""
    platform = Platform(local_aws_server, lambda stem: f"{stem}-contract")
    models = {name: platform.unique(name) for name in served}
    for name, model in models.items():
        platform.sagemaker.create_model(
            ModelName=model, Containers=served[name], ExecutionRoleArn=ROLE
        )
    endpoint = platform.serving(*(variant(model, name) for name, model in models.items()))

    def ask(name: str, body: str, content_type: str, accept: str) -> str:
        answer = platform.runtime.invoke_endpoint(
            EndpointName=endpoint,
            TargetVariant=name,
            Body=body,
            ContentType=content_type,
            Accept=accept,
        )
        assert answer["ContentType"].partition(";")[0] == accept
        return str(answer["Body"].read().decode())

    yield ask
    platform.clean_up()


def in_form(form: str, records: list[dict[str, str]]) -> str:
    if form == "list":
        return json.dumps(records)
    if form == "lines":
        return "\n".join(map(json.dumps, records))
    rows = [list(record.values()) for record in records]
    return as_csv([list(SCHEMA.inputs), *rows] if form == "header" else rows)


def as_csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def by_batch(
    name: str,
    served: dict[str, list[Container]],
    home: str,
    body: str,
    kind: str = CSV,
    processing: dict[str, str] = KEY_AND_ANSWER,
) -> list[str]:
    bucket, _, prefix = home.removeprefix("s3://").partition("/")
    operator = BatchTransformOperator(
        task_id="transform",
        containers=served[name],
        input_uri=f"{home}/{kind}/{name}/",
        output_uri=f"{home}/scores/{kind}/{name}/",
        content_type=kind,
        accept=kind,
        config={"DataProcessing": processing},
        role_arn=ROLE,
        poll_interval=0.2,
    )
    key = f"{prefix}/{kind}/{name}/part-00000.csv"
    operator.s3.put_object(Bucket=bucket, Key=key, Body=body)
    run(operator, Ti(run_id=f"batch-{name}-{kind}"))
    output = operator.s3.get_object(
        Bucket=bucket, Key=f"{prefix}/scores/{kind}/{name}/part-00000.csv.out"
    )
    return str(output["Body"].read().decode()).splitlines()


@pytest.mark.parametrize("name", CANDIDATES)
def test_each_candidate_answers_the_same_records_in_the_same_form(
    name: str,
    endpoint: Any,
    served: dict[str, list[Container]],
    home: str,
    records: list[dict[str, str]],
) -> None:
    one = json.loads(endpoint(name, json.dumps(records[0]), JSON, JSON))
    assert one.keys() == {"label", "probability", "version"}
    assert one["label"] == ("yes" if one["probability"] >= 0.5 else "no")
    keyed = [[f"c{number}", *record.values()] for number, record in enumerate(records)]
    lines = [line.split(",") for line in by_batch(name, served, home, as_csv(keyed))]
    assert [key for key, _ in lines] == [key for key, *_ in keyed]
    expected = pytest.approx([float(score) for _, score in lines], abs=1e-6)
    assert len(lines) == ROWS
    assert len({score for _, score in lines}) > 1
    for form, content_type in FORMS.items():
        body = in_form(form, records)
        answers = json.loads(endpoint(name, body, content_type, JSON))
        assert [answer["probability"] for answer in answers] == expected
        by_line = endpoint(name, body, content_type, LINES).splitlines()
        assert [json.loads(line) for line in by_line] == answers
        scores = endpoint(name, body, content_type, CSV).splitlines()
        assert [float(score) for score in scores] == expected
    assert one == answers[0]


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_one_container_answers_as_the_inference_pipeline(
    name: str, endpoint: Any, served: dict[str, list[Container]], records: list[dict[str, str]]
) -> None:
    assert len(served[f"{name}{PACKED}"]) == 1
    whole, body = f"{name}{PACKED}", in_form("list", records)
    assert endpoint(whole, body, JSON, JSON) == endpoint(name, body, JSON, JSON)
    assert endpoint(whole, body, JSON, CSV) == endpoint(name, body, JSON, CSV)
    one = json.dumps(records[0])
    assert endpoint(whole, one, JSON, LINES) == endpoint(name, one, JSON, LINES)
    with pytest.raises(ClientError) as refused:
        endpoint(whole, json.dumps({"state": "KS"}), JSON, JSON)
    assert refused.value.response["OriginalStatusCode"] == 400


def test_a_file_of_json_lines_is_scored_by_name_and_joined_to_its_keys(
    endpoint: Any, served: dict[str, list[Container]], home: str, records: list[dict[str, str]]
) -> None:
    keyed = [{**record, "customer_id": f"c{n}"} for n, record in enumerate(records)]
    lines = in_form("lines", keyed)
    joined = by_batch("xgboost-shallow", served, home, lines, LINES, {"JoinSource": "Input"})
    rows = [json.loads(line) for line in joined]
    answers = json.loads(endpoint("xgboost-shallow", lines, LINES, JSON))
    assert [row.pop("SageMakerOutput") for row in rows] == answers
    assert rows == keyed


def test_a_misspelt_column_is_refused_by_its_name(
    endpoint: Any, records: list[dict[str, str]]
) -> None:
    misspelt = {name.replace("day_minutes", "day_minuts"): v for name, v in records[0].items()}
    with pytest.raises(ClientError) as refused:
        endpoint("xgboost-deep", json.dumps(misspelt), JSON, JSON)
    answer = refused.value.response
    assert answer["OriginalStatusCode"] == 400
    assert "did you mean 'total_day_minutes'?" in answer["OriginalMessage"]


def test_a_pipeline_has_a_name_for_each_container_and_the_threshold_in_the_last() -> None:
    trained: Container = {"Image": "i", "ModelDataUrl": "m", "Environment": {"A": "1"}}
    first, model, last = containers(PIPELINE, [trained], "s3://b/preprocessing/", 0.25)
    names = [container["ContainerHostname"] for container in (first, model, last)]
    assert names == ["preprocessing", "model", "answers"]
    assert model == {**trained, "ContainerHostname": "model"}
    assert first["ModelDataUrl"] == last["ModelDataUrl"] == "s3://b/preprocessing/model.tar.gz"
    assert last["Environment"]["PRODML_THRESHOLD"] == "0.25"
    numbers = replace(SCHEMA, labels=None)
    regression = replace(PIPELINE, schema=numbers, judged_by="mae", guards={}, costs=None)
    assert "PRODML_THRESHOLD" not in containers(regression, [trained], "s3://b/p")[2]["Environment"]
