from __future__ import annotations

import pytest

from tests.include.local_aws.images.automl.conftest import Load

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
