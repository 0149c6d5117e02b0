"""Which function answers which operation, and what every stored resource has in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from include.local_aws.context import Aws
from include.local_aws.store import Doc, Duplicate, Missing
from include.local_aws.wire import paging
from include.local_aws.wire.errors import AwsError, in_use, validation

Handler = Callable[[Aws, Doc], Doc | Awaitable[Doc]]
OPERATIONS: dict[tuple[str, str], Handler] = {}


def operation(service: str, name: str) -> Callable[[Handler], Handler]:
    """Register the decorated function as the answer to *service*'s operation *name*."""

    def register(handler: Handler) -> Handler:
        OPERATIONS[service, name] = handler
        return handler

    return register


@dataclass(frozen=True)
class Resource:
    """A named SageMaker resource: what Create, Describe, List and Delete share.

    Its subject's file adds only what is special: states, checks, work.
    """

    noun: str  # "TrainingJob": the operations are CreateTrainingJob, DescribeTrainingJob, ...
    kind: str  # "training-job": the ARN's resource type, and the key in the store
    summaries: str  # the member that holds a List's result
    status: str | None = None
    taken: Callable[[str, str], AwsError] = lambda name, arn: in_use(f"{arn} already exists")
    unknown: Callable[[str, str], AwsError] = lambda name, arn: validation(
        "Requested resource not found."
    )
    sort_keys: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.noun}Name"

    def arn(self, aws: Aws, name: str) -> str:
        return aws.arn(f"{self.kind}/{name.lower()}")

    def create(self, aws: Aws, request: Doc, **members: Any) -> Doc:
        """Store the validated input; a taken name is refused in this resource's own words."""
        name = request[self.name]
        now = aws.clock.now()
        doc = {key: value for key, value in request.items() if key != "Tags"}
        doc |= {f"{self.noun}Arn": self.arn(aws, name), "CreationTime": now}
        doc |= {"LastModifiedTime": now} | members
        try:
            aws.store.insert(self.kind, name, doc)
        except Duplicate:
            raise self.taken(name, self.arn(aws, name)) from None
        aws.store.put_tags(doc[f"{self.noun}Arn"], request.get("Tags", []))
        return doc

    def get(self, aws: Aws, name: str) -> Doc:
        doc = aws.store.get(self.kind, name)
        if doc is None:
            raise self.unknown(name, self.arn(aws, name))
        return doc

    def delete(self, aws: Aws, name: str) -> Doc:
        try:
            aws.store.delete(self.kind, name)
        except Missing:
            raise self.unknown(name, self.arn(aws, name)) from None
        aws.store.drop_tags(self.arn(aws, name))
        return {}

    def list(self, aws: Aws, request: Doc, docs: list[Doc] | None = None) -> Doc:
        """Filter, sort and page; the answer's shape picks the summary's members."""
        docs = aws.store.list(self.kind) if docs is None else docs
        docs = paging.filtered(docs, request, self.name, self.status)
        keys = {"Name": self.name, "Status": self.status or self.name} | self.sort_keys
        found, token = paging.page(paging.ordered(docs, request, keys), request)
        return {self.summaries: found, "NextToken": token}

    def register(self, *verbs: str) -> None:
        """Register the plain forms of *verbs*: Describe, List, Delete."""
        plain: dict[str, Handler] = {
            "Describe": lambda aws, request: self.get(aws, request[self.name]),
            "Delete": lambda aws, request: self.delete(aws, request[self.name]),
            "List": self.list,
        }
        for verb in verbs:
            noun = f"{self.noun}s" if verb == "List" else self.noun
            operation("sagemaker", f"{verb}{noun}")(plain[verb])
