from __future__ import annotations

from pathlib import Path

import pytest

from tests.include.local_aws.images.modules import Load

ROWS = [["no", "1"], ["yes", "2"]]
KEYS = "predicted_label,probability"


def test_the_mode_decides_what_a_row_becomes(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    serve = load("sagemaker_serve")
    model = load("processor").Processor.fit(ROWS, scaled=False, classify=True)
    encoded = serve.transform_fn(model, "yes,5\n", "text/csv", "text/csv")
    assert encoded == ("1,5\n", "text/csv")
    monkeypatch.setenv("AUTOML_TRANSFORM_MODE", "feature-transform")
    assert serve.transform_fn(model, b"5\n6\n", "text/csv", "*/*")[0] == "5\n6\n"
    monkeypatch.setenv("AUTOML_TRANSFORM_MODE", "inverse-label-transform")
    monkeypatch.setenv("SAGEMAKER_INFERENCE_INPUT", KEYS)
    monkeypatch.setenv("SAGEMAKER_INFERENCE_OUTPUT", f"{KEYS}, labels")
    answer = serve.transform_fn(model, "1,0.8\n", "text/csv", "text/csv")[0]
    assert answer == "yes,0.8,\"['no', 'yes']\"\n"


def test_a_refusal_has_a_status_and_the_reason(load: Load) -> None:
    serve, started = load("sagemaker_serve"), []
    model = load("processor").Processor.fit(ROWS, scaled=False, classify=True)
    application = serve.transform_fn(model, "yes,5,6\n", "text/csv", "text/csv")
    body = application({}, lambda status, headers: started.append(status))
    assert started == ["400 Bad Request"]
    assert b"A row has 2 cells" in body[0]
    refused = serve.transform_fn(model, "{}", "application/json", "text/csv")
    refused({}, lambda status, headers: started.append(status))
    assert started[1] == "415 Unsupported Media Type"


def test_text_that_is_no_csv_is_a_bad_request(load: Load) -> None:
    serve, started = load("sagemaker_serve"), []
    model = load("processor").Processor.fit(ROWS, scaled=False, classify=True)
    for body in (b"\xff", b"a" * 200_000):
        application = serve.transform_fn(model, body, "text/csv", "text/csv")
        application({}, lambda status, headers: started.append(status))
    assert started == ["400 Bad Request"] * 2


def test_white_space_in_a_cell_is_that_of_the_training_data(
    load: Load, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "data.csv").write_text("left,city\n" + "no,new  york\nyes ,ulm\n" * 2)
    serve = load("sagemaker_serve")
    rows = load("tables").read_tables(tmp_path)[1]
    model = load("processor").Processor.fit(rows, scaled=False, classify=True)
    monkeypatch.setenv("AUTOML_TRANSFORM_MODE", "feature-transform")
    body = 'new  york\n"new\nyork"\nulm\n'
    assert serve.transform_fn(model, body, "text/csv", "text/csv")[0] == "1,0,0\n1,0,0\n0,1,0\n"
