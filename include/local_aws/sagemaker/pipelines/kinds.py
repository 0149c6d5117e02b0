"""The step types that are executed, and the operations of those that create a resource."""

from __future__ import annotations

from dataclasses import dataclass

from botocore.model import OperationModel, StructureShape

from ...wire import model

CONDITION, FAIL, CALLBACK, FOR_EACH = "Condition", "Fail", "Callback", "ForEach"
AUTO_ML, LINEAGE = "AutoML", "Lineage"
ENDED = frozenset({"Completed", "Failed", "Stopped", "InService", "UpdateRollbackFailed"})
GOOD = frozenset({"Completed", "InService"})


@dataclass(frozen=True)
class Kind:
    """A step type whose step creates a resource by an operation of SageMaker."""

    noun: str  # "ProcessingJob": CreateProcessingJob, ProcessingJobName, ProcessingJobArn
    metadata: str  # the member of a step's Metadata
    status: str | None = None  # the member of its description; without one it is complete at once
    signature: tuple[str, ...] = ()  # arguments that decide about a cache hit; all if empty
    is_cached: bool = False
    is_retried: bool = True
    is_stopped: bool = False
    is_updated: bool = False  # the resource has the name that is given, and is updated if it exists

    @property
    def name(self) -> str:
        return f"{self.noun}Name"

    @property
    def arn(self) -> str:
        return f"{self.noun}Arn"

    @property
    def input(self) -> StructureShape:
        return _operation(f"Create{self.noun}").input_shape

    @property
    def output(self) -> StructureShape:
        return _operation(f"Describe{self.noun}").output_shape

    @property
    def updated(self) -> frozenset[str]:
        """Return the members of the request that updates the resource."""
        return frozenset(_operation(f"Update{self.noun}").input_shape.members)


KINDS: dict[str, Kind] = {
    "Processing": Kind(
        "ProcessingJob",
        "ProcessingJob",
        "ProcessingJobStatus",
        ("AppSpecification", "Environment", "ProcessingInputs"),
        is_cached=True,
        is_stopped=True,
    ),
    "Training": Kind(
        "TrainingJob",
        "TrainingJob",
        "TrainingJobStatus",
        (
            *("AlgorithmSpecification", "CheckpointConfig", "DebugHookConfig"),
            *("DebugRuleConfigurations", "Environment", "HyperParameters", "InputDataConfig"),
        ),
        is_cached=True,
        is_stopped=True,
    ),
    "Transform": Kind(
        "TransformJob",
        "TransformJob",
        "TransformJobStatus",
        ("DataProcessing", "Environment", "ModelName", "TransformInput"),
        is_cached=True,
        is_stopped=True,
    ),
    "Tuning": Kind(
        "HyperParameterTuningJob",
        "TuningJob",
        "HyperParameterTuningJobStatus",
        (
            *("HyperParameterTuningJobConfig", "TrainingJobDefinition"),
            "TrainingJobDefinitions",
        ),
        is_cached=True,
        is_stopped=True,
    ),
    AUTO_ML: Kind(
        "AutoMLJob",
        "AutoMLJob",
        "AutoMLJobStatus",
        ("AutoMLJobConfig", "AutoMLJobObjective", "InputDataConfig", "ProblemType"),
        is_cached=True,
        is_stopped=True,
    ),
    "Model": Kind("Model", "Model"),
    "RegisterModel": Kind("ModelPackage", "RegisterModel", "ModelPackageStatus"),
    "EndpointConfig": Kind("EndpointConfig", "EndpointConfig", is_cached=True),
    "Endpoint": Kind(
        "Endpoint",
        "Endpoint",
        "EndpointStatus",
        is_cached=True,
        is_retried=False,
        is_updated=True,
    ),
    "InferenceComponent": Kind(
        "InferenceComponent",
        "InferenceComponent",
        "InferenceComponentStatus",
        is_retried=False,
        is_updated=True,
    ),
}
EXECUTED = (*KINDS, CONDITION, FAIL, CALLBACK, FOR_EACH, LINEAGE)


def _operation(name: str) -> OperationModel:
    operation = model.operation("sagemaker", name)
    if operation is None:
        raise LookupError(f"sagemaker has no operation {name}")
    return operation
