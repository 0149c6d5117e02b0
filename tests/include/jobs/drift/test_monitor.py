"""The analyzer image's contract, and that AWS's own SDK reads what it writes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.include.jobs.drift.data import HEADER, record, rows, write_capture, write_table
from tests.include.jobs.programs import run_module

CAPTURE = {"sagemakerCaptureJson": {"captureIndexNames": ["endpointInput", "endpointOutput"]}}
HOUR = {"start_time": "2024-05-06T12:00:00Z", "end_time": "2024-05-06T13:00:00Z"}
PARSER = re.compile(r"distance: (.+) exceeds threshold: (.+)")


def monitor(base: Path, **variables: Any) -> tuple[int, str]:
    """The exit code, and the ExitMessage that the job would show."""
    (base / "output").mkdir(parents=True, exist_ok=True)
    given = {k: v if isinstance(v, str) else json.dumps(v) for k, v in variables.items()}
    given |= {"output_path": str(base / "out"), "SAGEMAKER_BASE_DIR": str(base)}
    done = run_module("include.jobs.drift.monitor", **given)
    assert not done.stderr
    return done.returncode, (base / "output" / "message").read_text()


def read(base: Path, name: str) -> Any:
    return json.loads((base / "out" / name).read_text())


@pytest.fixture(scope="module")
def suggested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A baselining job over answer and request, as the SDK's DefaultModelMonitor starts it."""
    base = tmp_path_factory.mktemp("baselining")
    lines = [f"{row.partition(',')[0]},{row}" for row in rows(2000, 1)]
    data = write_table(base / "data.csv", lines, header=f"score,{HEADER}")
    form = {"csv": {"header": True, "output_columns_position": "START"}}
    assert monitor(base, dataset_format=form, dataset_source=str(data)) == (
        0,
        "Completed: Job completed successfully with no violations.",
    )
    return base


def against(suggested: Path) -> dict[str, str]:
    return {
        "baseline_statistics": str(suggested / "out" / "statistics.json"),
        "baseline_constraints": str(suggested / "out" / "constraints.json"),
    }


def test_a_baseline_has_the_containers_own_thresholds(suggested: Path) -> None:
    config = read(suggested, "constraints.json")["monitoring_config"]
    assert config["datatype_check_threshold"] == config["domain_content_threshold"] == 1.0
    assert config["distribution_constraints"] == {
        "perform_comparison": "Enabled",
        "comparison_threshold": 0.1,
        "comparison_method": "Robust",
        "categorical_comparison_threshold": 0.1,
        "categorical_drift_method": "LInfinity",
    }


def test_a_schedules_hour_is_compared_and_published(suggested: Path, tmp_path: Path) -> None:
    asked = rows(500, 2, shift=1.0, plans="abz")
    lines = [record(row, answer=row.partition(",")[0]) for row in asked]
    folder = write_capture(tmp_path / "capture", lines)
    code, message = monitor(
        tmp_path,
        dataset_format=CAPTURE,
        dataset_source=str(folder),
        publish_cloudwatch_metrics="Enabled",
        sagemaker_endpoint_name="churn",
        sagemaker_monitoring_schedule_name="hourly",
        **HOUR,
        **against(suggested),
    )
    assert (code, message) == (
        0,
        "CompletedWithViolations: Job completed successfully with 4 violations.",
    )
    result = read(tmp_path, "constraint_violations.json")["violations"]
    assert {(v["feature_name"], v["constraint_check_type"]) for v in result} == {
        ("score", "baseline_drift_check"),
        ("minutes", "baseline_drift_check"),
        ("plan", "baseline_drift_check"),
        ("plan", "categorical_values_check"),
    }
    drifted = [PARSER.search(v["description"]) for v in result if "drift" in v["description"]]
    assert all(match and float(match[1]) > float(match[2]) == 0.1 for match in drifted)
    lines = (
        (tmp_path / "output/metrics/cloudwatch/cloudwatch_metrics.jsonl").read_text().split("\n")
    )
    published = {m["MetricName"]: m for m in map(json.loads, filter(None, lines))}
    assert published["feature_non_null_plan"]["Value"] == 500
    assert published["feature_data_minutes"]["StatisticValues"]["SampleCount"] == 500
    assert published["feature_baseline_drift_minutes"]["Value"] > 0.1
    assert published["feature_baseline_drift_calls"]["Timestamp"] == HOUR["start_time"]
    assert {"Name": "MonitoringSchedule", "Value": "hourly"} in published["feature_data_score"][
        "Dimensions"
    ]


def test_without_a_baseline_captured_columns_are_numbered_answers_first(tmp_path: Path) -> None:
    lines = [record(row, answer="0.5") for row in rows(200, 2)]
    folder = write_capture(tmp_path / "capture", lines)
    monitor(tmp_path, dataset_format=CAPTURE, dataset_source=str(folder), **HOUR)
    features = {f["name"]: f for f in read(tmp_path, "statistics.json")["features"]}
    assert list(features) == ["_c0", "_c1", "_c2", "_c3"]
    assert features["_c0"]["numerical_statistics"]["mean"] == 0.5
    assert features["_c3"]["inferred_type"] == "String"


def test_a_window_without_rows_is_an_error_not_a_verdict(suggested: Path, tmp_path: Path) -> None:
    folder = write_capture(tmp_path / "capture", [record(row, answer="1") for row in rows(5, 2)])
    hour = {"start_time": "2024-05-06T13:00:00Z", "end_time": "2024-05-06T14:00:00Z"}
    asked = {"dataset_format": CAPTURE, "dataset_source": str(folder)}
    code, message = monitor(tmp_path, **asked, **hour, **against(suggested))
    assert (code, message[:13]) == (1, "Error: No row")
    assert "from 2024-05-06 13:00:00 to 2024-05-06 14:00:00" in message


def test_a_baseline_that_the_job_was_not_given_is_an_error(tmp_path: Path) -> None:
    folder = write_capture(tmp_path / "capture", [record(row) for row in rows(5, 2)])
    asked = {"dataset_format": CAPTURE, "dataset_source": str(folder)}
    code, message = monitor(tmp_path, **asked, baseline_statistics=str(tmp_path / "gone.json"))
    assert code == 1
    assert "gone.json, which the job was not given" in message


def test_constraints_alone_check_all_but_distances(suggested: Path, tmp_path: Path) -> None:
    asked = rows(500, 2, shift=1.0, plans="abz")
    lines = [record(row, answer=row.partition(",")[0]) for row in asked]
    folder = write_capture(tmp_path / "capture", lines)
    limits = {"baseline_constraints": against(suggested)["baseline_constraints"]}
    asked_for = {"dataset_format": CAPTURE, "dataset_source": str(folder)}
    _, message = monitor(tmp_path, **asked_for, **HOUR, **limits)
    assert message.endswith("with 1 violations.")
    (violation,) = read(tmp_path, "constraint_violations.json")["violations"]
    assert violation["constraint_check_type"] == "categorical_values_check"


PREPROCESS = """
def preprocess_handler(inference_record, logger):
    logger.info("seen")
    minutes, calls, plan = inference_record.endpoint_input.data.split(",")
    return [] if plan == "c" else {"minutes": float(minutes), "plan": plan}
"""
POSTPROCESS = """
import os, pathlib
def postprocess_handler():
    pathlib.Path(os.environ["output_path"], "hooked").touch()
"""


def test_hooks_run_before_and_after(tmp_path: Path) -> None:
    (tmp_path / "pre.py").write_text(PREPROCESS)
    (tmp_path / "post.py").write_text(POSTPROCESS)
    folder = write_capture(tmp_path / "capture", [record(row) for row in rows(300, 2)])
    monitor(
        tmp_path,
        dataset_format=CAPTURE,
        dataset_source=str(folder),
        record_preprocessor_script=str(tmp_path / "pre.py"),
        post_analytics_processor_script=str(tmp_path / "post.py"),
        **HOUR,
    )
    result = read(tmp_path, "statistics.json")
    buckets = result["features"][1]["string_statistics"]["distribution"]["categorical"]["buckets"]
    assert {bucket["value"] for bucket in buckets} == {"a", "b"}
    assert result["dataset"]["item_count"] == sum(bucket["count"] for bucket in buckets)
    assert (tmp_path / "out" / "hooked").exists()


def test_a_hook_that_fails_names_the_record(tmp_path: Path) -> None:
    (tmp_path / "pre.py").write_text("def preprocess_handler(r):\n    raise KeyError('tariff')\n")
    folder = write_capture(tmp_path / "capture", [record(row) for row in rows(3, 2)])
    script = str(tmp_path / "pre.py")
    code, message = monitor(
        tmp_path,
        dataset_format=CAPTURE,
        dataset_source=str(folder),
        record_preprocessor_script=script,
    )
    assert code == 1
    assert "failed on 00-01-002-x.jsonl line 1: KeyError('tariff')" in message


@pytest.mark.parametrize("script", ["", "def postprocess_handler():\n    raise OSError('full')\n"])
def test_a_post_processing_script_that_fails_leaves_the_files(script: str, tmp_path: Path) -> None:
    (tmp_path / "post.py").write_text(script)
    folder = write_capture(tmp_path / "capture", [record(row) for row in rows(3, 2)])
    code, message = monitor(
        tmp_path,
        dataset_format=CAPTURE,
        dataset_source=str(folder),
        post_analytics_processor_script=str(tmp_path / "post.py"),
    )
    assert code == 1
    assert message.startswith("Error: post.py failed: ")
    assert (tmp_path / "out" / "statistics.json").exists()


@pytest.mark.parametrize(("form", "name"), [({"json": {"lines": True}}, "d.jsonl")])
def test_json_lines(form: dict[str, Any], name: str, tmp_path: Path) -> None:
    lines = [json.dumps({"minutes": i / 2, "plan": "ab"[i % 2], "new": i > 5}) for i in range(200)]
    (tmp_path / name).write_text("\n".join(lines))
    monitor(tmp_path, dataset_format=form, dataset_source=str(tmp_path / name))
    kinds = [f["inferred_type"] for f in read(tmp_path, "statistics.json")["features"]]
    assert kinds == ["Fractional", "String", "String"]


def test_model_quality_of_merged_labels(tmp_path: Path) -> None:
    merged = []
    for i in range(400):
        line = json.loads(record("1,2,a", answer="0.9" if i % 2 else "0.1"))
        line["groundTruthData"] = {"data": str(i % 2 if i >= 40 else 1 - i % 2), "encoding": "CSV"}
        merged.append(json.dumps(line))
    folder = write_capture(tmp_path / "merge", merged)
    order = {
        "analysis_type": "MODEL_QUALITY",
        "problem_type": "BinaryClassification",
        "dataset_source": str(folder),
        "dataset_format": {"sagemakerMergeJson": {"captureIndexNames": ["endpointOutput"]}},
    }
    assert monitor(tmp_path, **order)[0] == 0
    measured = read(tmp_path, "statistics.json")["binary_classification_metrics"]
    assert measured["accuracy"]["value"] == pytest.approx(0.9)
    assert measured["confusion_matrix"]["0.0"] == {"0.0": 180, "1.0": 20}
    limits = read(tmp_path, "constraints.json")
    limits["binary_classification_constraints"]["f1"]["threshold"] = 0.95
    (tmp_path / "limits.json").write_text(json.dumps(limits))
    order["baseline_constraints"] = str(tmp_path / "limits.json")
    assert monitor(tmp_path, **order)[1].startswith("CompletedWithViolations")
    (broken,) = read(tmp_path, "constraint_violations.json")["violations"]
    assert (broken["metric_name"], broken["constraint_check_type"]) == ("f1", "LessThanThreshold")


def test_the_sdk_reads_all_three_files(suggested: Path, tmp_path: Path) -> None:
    """sagemaker.core.model_monitor is AWS's own reader."""
    import boto3
    from moto import mock_aws
    from sagemaker.core.helper.session_helper import Session
    from sagemaker.core.model_monitor import Constraints, ConstraintViolations, Statistics

    folder = write_capture(tmp_path / "capture", [record(r, answer="1") for r in rows(500, 2)])
    asked = {"dataset_format": CAPTURE, "dataset_source": str(folder)}
    monitor(tmp_path, **asked, **HOUR, **against(suggested))
    readers = {
        "statistics.json": Statistics,
        "constraints.json": Constraints,
        "constraint_violations.json": ConstraintViolations,
    }
    with mock_aws():
        account = boto3.Session("key", "secret", region_name="us-east-1")
        account.client("s3").create_bucket(Bucket="bucket")
        session = Session(account)
        for name, reader in readers.items():
            file = tmp_path / "out" / name
            account.client("s3").upload_file(str(file), "bucket", name)
            result = reader.from_s3_uri(f"s3://bucket/{name}", sagemaker_session=session)
            assert result.body_dict == json.loads(file.read_text())
