"""The handlers by operation, and the base class of stored resources."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ..wire import paging
from ..wire.errors import AwsError, in_use, validation
from .account import Aws
from .local_storage import check_volume_keys
from .store import Doc, Duplicate

Handler = Callable[[Aws, Doc], Doc | Awaitable[Doc]]
H = TypeVar("H", bound=Handler)
OPERATIONS: dict[tuple[str, str], Handler] = {}
# Members of a resource whose caller has no user profile of Studio.
WITHOUT_PROFILE: Doc = {"CreatedBy": {}, "LastModifiedBy": {}}
STORED: set[tuple[str, str]] = set()  # operations whose input is stored only, not executed


def operation(service: str, name: str, *, stored: bool = False) -> Callable[[H], H]:
    """Register the decorated function as the handler of *service*'s operation *name*.

    :param stored: The input is stored only; its effect on AWS is not emulated.
    """

    def register(handler: H) -> H:
        OPERATIONS[service, name] = handler
        if stored:
            STORED.add((service, name))
        return handler

    return register


def merged(doc: Doc, request: Doc, maps: tuple[str, ...]) -> Doc:
    """Return the changes of an Update to *doc*: *maps* merged, `...ToRemove` applied."""
    changes = {k: v for k, v in request.items() if not k.endswith("ToRemove")}
    for member in maps:
        removed = request.get(f"{member}ToRemove", [])
        whole = doc.get(member, {}) | request.get(member, {})
        changes[member] = {key: value for key, value in whole.items() if key not in removed}
    return changes


def _check_tags(request: Doc) -> None:
    keys = [tag["Key"].lower() for tag in request.get("Tags", [])]
    if twice := {key for key in keys if keys.count(key) > 1}:
        raise validation(
            f"Duplicate tag keys found: {sorted(twice)}. "
            "Please note that Tag keys are case insensitive."
        )


@dataclass(frozen=True)
class Resource:
    """A named SageMaker resource with Create, Describe, Update, List and Delete.

    The module of a resource adds its states, checks and work.
    """

    noun: str  # "TrainingJob": the operations are CreateTrainingJob, DescribeTrainingJob, ...
    kind: str  # "training-job": the ARN's resource type, and the key in the store
    summaries: str  # the member of a List response that holds the summaries
    status: str | None = None
    taken: Callable[[str, str], AwsError] = lambda name, arn: in_use(f"{arn} already exists")
    unknown: Callable[[str, str], AwsError] = lambda name, arn: validation(
        "Requested resource not found."
    )
    keeps_case: bool = False  # of a name in its ARN
    equal: tuple[str, ...] = ()  # members of a List request that filter by equality
    merged: tuple[str, ...] = ()  # maps that Update extends; `...ToRemove` removes keys

    @property
    def name(self) -> str:
        return f"{self.noun}Name"

    def arn(self, aws: Aws, name: str) -> str:
        return aws.arn(f"{self.kind}/{name if self.keeps_case else name.lower()}")

    def create(self, aws: Aws, request: Doc, **members: Any) -> Doc:
        """Store the validated input; refuse a name that is taken, with AWS's message for it."""
        name = request[self.name]
        now = aws.clock.now()
        doc = {key: value for key, value in request.items() if key != "Tags"}
        doc |= {f"{self.noun}Arn": self.arn(aws, name), "CreationTime": now}
        doc |= {"LastModifiedTime": now} | members
        _check_tags(request)
        check_volume_keys(request)
        try:
            aws.store.insert(self.kind, name, doc)
        except Duplicate:
            raise self.taken(name, self.arn(aws, name)) from None
        aws.store.put_tags(doc[f"{self.noun}Arn"], request.get("Tags", []))
        return doc

    def get(self, aws: Aws, given: str) -> Doc:
        """Return the resource of that name or ARN."""
        if given.startswith("arn:"):
            name, arn = given.partition("/")[2], given
            doc = aws.store.find(self.kind, f"{self.noun}Arn", given)
        else:
            name, arn = given, self.arn(aws, given)
            doc = aws.store.get(self.kind, given)
        if doc is None:
            raise self.unknown(name, arn)
        return doc

    def update(self, aws: Aws, request: Doc) -> Doc:
        """Replace the members that the request has, and merge maps."""
        doc = self.get(aws, request[self.name])
        changes = merged(doc, request, self.merged) | {self.name: doc[self.name]}
        return aws.store.update(self.kind, doc[self.name], **changes)

    def delete(self, aws: Aws, given: str) -> Doc:
        """Delete the resource and its tags; return its last document."""
        doc = self.get(aws, given)
        aws.store.delete(self.kind, doc[self.name])
        aws.store.drop_tags(doc[f"{self.noun}Arn"])
        return doc

    def list(self, aws: Aws, request: Doc, docs: list[Doc] | None = None) -> Doc:
        """Filter, sort and page; the response's shape selects the members of a summary."""
        docs = aws.store.list(self.kind) if docs is None else docs
        docs = paging.filtered(docs, request, self.name, self.status, self.equal)
        keys = {"Name": self.name, "Status": self.status or self.name}
        summaries, token = paging.listed(f"List{self.noun}s", docs, request, keys)
        return {self.summaries: summaries, "NextToken": token}

    def register(self, *verbs: str) -> None:
        """Register the default handlers of *verbs*: Create, Describe, Update, List, Delete."""
        plain: dict[str, Handler] = {
            "Create": self.create,
            "Describe": lambda aws, request: self.get(aws, request[self.name]),
            "Update": self.update,
            "Delete": lambda aws, request: self.delete(aws, request[self.name]),
            "List": self.list,
        }
        for verb in verbs:
            noun = f"{self.noun}s" if verb == "List" else self.noun
            operation("sagemaker", f"{verb}{noun}")(plain[verb])
