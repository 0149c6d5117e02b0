"""The answers to callback steps."""

from __future__ import annotations

from ...core.account import Aws
from ...core.registry import operation
from ...core.store import Doc
from .callbacks import answer


@operation("sagemaker", "SendPipelineExecutionStepSuccess")
def send_pipeline_execution_step_success(aws: Aws, request: Doc) -> Doc:
    outcome = {"OutputParameters": request.get("OutputParameters", [])}
    return answer(aws, request["CallbackToken"], outcome)


@operation("sagemaker", "SendPipelineExecutionStepFailure")
def send_pipeline_execution_step_failure(aws: Aws, request: Doc) -> Doc:
    reason = request.get("FailureReason", "The callback step failed.")
    return answer(aws, request["CallbackToken"], {"FailureReason": reason})
