"""The kinds of resources that can be searched, and the further members of their results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.model import StructureShape

from ...core.account import Aws
from ...core.registry import OPERATIONS
from ...core.store import Doc
from ...wire import model
from ...wire.errors import validation
from ..experiments.trial_components import COMPONENT, measured, parents_of_all
from ..experiments.trials import COMPONENTS, TRIAL

JOBS = {"training-job": "TrainingJob", "processing-job": "ProcessingJob"}
JOBS |= {"transform-job": "TransformJob"}


@dataclass(frozen=True)
class Searched:
    """A kind of resource, which is *member* of a SearchRecord.

    *related* adds members to all resources at once; *detailed* adds *details* to one resource, by
    queries of its own, so that only the results of a page get them unless the search reads them.
    """

    kind: str
    member: str
    related: Callable[[Aws, list[Doc]], list[Doc]] = lambda aws, docs: docs
    detailed: Callable[[Aws, Doc], Doc] = lambda aws, doc: doc
    details: frozenset[str] = frozenset()  # in lower case

    @property
    def shape(self) -> StructureShape:
        record: Any = model.service("sagemaker").shape_for("SearchRecord")
        shape: StructureShape = record.members[self.member]
        return shape

    def docs(self, aws: Aws) -> list[Doc]:
        """Return every resource of the kind with its tags, without its details."""
        listed, arn = self.related(aws, aws.store.list(self.kind)), f"{self.member}Arn"
        tags = aws.store.tags_of_all([doc[arn] for doc in listed])
        return [doc | {"Tags": tags.get(doc[arn], [])} for doc in listed]


def _with_parents(aws: Aws, components: list[Doc]) -> list[Doc]:
    parents = parents_of_all(aws)
    return [doc | {"Parents": parents.get(doc["TrialComponentName"], [])} for doc in components]


def _component(aws: Aws, doc: Doc) -> Doc:
    return measured(aws, doc) | _source(aws, doc)


def _source(aws: Aws, doc: Doc) -> Doc:
    """Return the job of a component, with the job's tags."""
    arn = doc.get("Source", {}).get("SourceArn")
    kind = arn.split(":", 5)[5].partition("/")[0] if arn else None
    if kind not in JOBS:
        return {}
    job = aws.store.find_arn(kind, f"{JOBS[kind]}Arn", arn)
    tagged = job and job | {"Tags": aws.store.tags(arn)}
    return {"SourceDetail": {"SourceArn": arn, JOBS[kind]: tagged}}


def _with_components(aws: Aws, trials: list[Doc]) -> list[Doc]:
    return [_trial(aws, trial) for trial in trials]


def _trial(aws: Aws, doc: Doc) -> Doc:
    names = aws.store.children(COMPONENTS, doc["TrialName"])
    components = [aws.store.get(COMPONENT.kind, name) for name in names]
    return doc | {"TrialComponentSummaries": [component for component in components if component]}


def _endpoint(aws: Aws, doc: Doc) -> Doc:
    """Return the endpoint with its variants, as describing it does."""
    describe: Any = OPERATIONS["sagemaker", "DescribeEndpoint"]
    described: Doc = describe(aws, {"EndpointName": doc["EndpointName"]})
    return doc | described


SEARCHED = {
    "Experiment": Searched("experiment", "Experiment"),
    "ExperimentTrial": Searched(TRIAL.kind, "Trial", _with_components),
    "ExperimentTrialComponent": Searched(
        COMPONENT.kind,
        "TrialComponent",
        _with_parents,
        _component,
        frozenset({"metrics", "sourcedetail"}),
    ),
    "TrainingJob": Searched("training-job", "TrainingJob"),
    "HyperParameterTuningJob": Searched("hyper-parameter-tuning-job", "HyperParameterTuningJob"),
    "ModelPackage": Searched("model-package", "ModelPackage"),
    "ModelPackageGroup": Searched("model-package-group", "ModelPackageGroup"),
    "Endpoint": Searched(
        "endpoint",
        "Endpoint",
        detailed=_endpoint,
        details=frozenset({"productionvariants", "shadowproductionvariants", "datacaptureconfig"}),
    ),
}


def searched(resource: str) -> Searched:
    """Return the kind of *resource*; raise ValidationException if it is not emulated."""
    if resource not in SEARCHED:
        known = ", ".join(sorted(SEARCHED))
        raise validation(f"Search over {resource} is not emulated; {known} are.")
    return SEARCHED[resource]
