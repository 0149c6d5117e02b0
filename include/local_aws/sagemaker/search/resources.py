"""The kinds of resources that can be searched, and the further members of their results."""

from __future__ import annotations

from collections.abc import Callable, Iterable
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
class Related:
    """Members of resources that are stored apart, in lower case; *add* adds them to resources."""

    members: frozenset[str]
    add: Callable[[Aws, list[Doc]], list[Doc]]


@dataclass(frozen=True)
class Searched:
    """A kind of resource, which is *member* of a SearchRecord.

    Results have the members of *parts*; a search that does not read them adds them to those of a
    page only.
    """

    kind: str
    member: str
    parts: tuple[Related, ...] = ()

    @property
    def shape(self) -> StructureShape:
        record: Any = model.service("sagemaker").shape_for("SearchRecord")
        shape: StructureShape = record.members[self.member]
        return shape

    @property
    def all_parts(self) -> list[Related]:
        """Return the parts and the tags, which every resource may have."""
        return [Related(frozenset({"tags"}), self._tagged), *self.parts]

    def divided(self, read: set[str]) -> tuple[list[Related], list[Related]]:
        """Return the parts that have a member of *read*, and the others."""
        return (
            [part for part in self.all_parts if part.members & read],
            [part for part in self.all_parts if not part.members & read],
        )

    def _tagged(self, aws: Aws, docs: list[Doc]) -> list[Doc]:
        arn = f"{self.member}Arn"
        tags = aws.store.tags_of_all([doc[arn] for doc in docs])
        return [doc | {"Tags": tags.get(doc[arn], [])} for doc in docs]


def complete(aws: Aws, parts: Iterable[Related], docs: list[Doc]) -> list[Doc]:
    """Return *docs* with the members of *parts*."""
    for part in parts:
        docs = part.add(aws, docs)
    return docs


def _of_each(member: Callable[[Aws, Doc], Doc]) -> Callable[[Aws, list[Doc]], list[Doc]]:
    return lambda aws, docs: [doc | member(aws, doc) for doc in docs]


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


def _components(aws: Aws, trial: Doc) -> Doc:
    names = aws.store.children(COMPONENTS, trial["TrialName"])
    components = [aws.store.get(COMPONENT.kind, name) for name in names]
    return {"TrialComponentSummaries": [component for component in components if component]}


def _endpoint(aws: Aws, doc: Doc) -> Doc:
    """Return what describing the endpoint says, with its variants."""
    describe: Any = OPERATIONS["sagemaker", "DescribeEndpoint"]
    described: Doc = describe(aws, {"EndpointName": doc["EndpointName"]})
    return described


MEASURED = Related(frozenset({"metrics", "sourcedetail"}), _of_each(_component))
PARENTS = Related(frozenset({"parents"}), _with_parents)
TRIAL_COMPONENTS = Related(frozenset({"trialcomponentsummaries"}), _of_each(_components))
SERVING = Related(
    frozenset({"productionvariants", "shadowproductionvariants", "datacaptureconfig"}),
    _of_each(_endpoint),
)
SEARCHED = {
    "Experiment": Searched("experiment", "Experiment"),
    "ExperimentTrial": Searched(TRIAL.kind, "Trial", (TRIAL_COMPONENTS,)),
    "ExperimentTrialComponent": Searched(COMPONENT.kind, "TrialComponent", (PARENTS, MEASURED)),
    "TrainingJob": Searched("training-job", "TrainingJob"),
    "HyperParameterTuningJob": Searched("hyper-parameter-tuning-job", "HyperParameterTuningJob"),
    "ModelPackage": Searched("model-package", "ModelPackage"),
    "ModelPackageGroup": Searched("model-package-group", "ModelPackageGroup"),
    "Endpoint": Searched("endpoint", "Endpoint", (SERVING,)),
}


def searched(resource: str) -> Searched:
    """Return the kind of *resource*; raise ValidationException if it is not emulated."""
    if resource not in SEARCHED:
        known = ", ".join(sorted(SEARCHED))
        raise validation(f"Search over {resource} is not emulated; {known} are.")
    return SEARCHED[resource]
