"""A world without processes: a test states the answers of Airflow and the jobs of SageMaker."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from botocore.exceptions import ClientError

from chaos.processes import Processes
from chaos.users import Run, UserActions
from chaos.world import Job, World
from include.local_aws.testing import Faults

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)


class Answering(UserActions):
    """The actions of users, answered by the first pattern that matches a request.

    :param answers: By a pattern of "METHOD path", the JSON or the status of the answer.
    """

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self.answers = answers
        self.requests: list[tuple[str, Any]] = []
        transport = httpx.MockTransport(self._answer)
        self._http = httpx.Client(base_url="http://airflow", transport=transport)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        line = f"{request.method} {request.url.path.removeprefix('/api/v2')}"
        self.requests.append((line, json.loads(request.content) if request.content else None))
        answers = (value for pattern, value in self.answers.items() if re.search(pattern, line))
        answer: Any = next(answers, {} if request.method in ("POST", "PATCH") else 404)
        if isinstance(answer, int):
            return httpx.Response(answer, text="refused")
        return httpx.Response(200, json=answer)

    def lines(self, method: str) -> list[str]:
        """Return the requests of a method, as "METHOD path"."""
        return [line for line, _ in self.requests if line.startswith(f"{method} ")]


class RecordedFaults(Faults):
    """Keeps the faults that are injected."""

    def __init__(self) -> None:
        super().__init__("http://aws")
        self.added: list[dict[str, Any]] = []
        self.cleared = False

    def _call(self, method: str, document: dict[str, Any] | None = None) -> Any:
        if document is not None:
            self.added.append(document)
        self.cleared = self.cleared or method == "DELETE"
        return {"faults": [fault | {"hits": 1} for fault in self.added]}


class SageMaker:
    """Processing jobs in pages, with their tags; keeps the calls that a test counts."""

    exceptions = SimpleNamespace(ClientError=ClientError)

    def __init__(self, *pages: list[dict[str, Any]], tags: Mapping[str, str] | None = None) -> None:
        self.pages = pages
        self.tags = tags or {}
        self.calls: list[tuple[str, str]] = []

    def get_paginator(self, name: str) -> Any:
        assert name == "list_processing_jobs"
        pages = [{"ProcessingJobSummaries": page} for page in self.pages]
        return SimpleNamespace(paginate=lambda **_: iter(pages))

    def list_tags(self, **request: str) -> dict[str, Any]:
        self.calls.append(("list_tags", request["ResourceArn"]))
        owner = self.tags.get(request["ResourceArn"])
        return {"Tags": [{"Key": "chaos-run", "Value": owner}] if owner else []}

    def stop_processing_job(self, **request: str) -> None:
        name = request["ProcessingJobName"]
        self.calls.append(("stop_processing_job", name))
        if name == "gone":
            error = {"Error": {"Code": "ValidationException", "Message": "It has ended."}}
            raise ClientError(error, "StopProcessingJob")


class QuietWorld(World):
    """A world in which every run has one job of the same status."""

    def __init__(
        self,
        answers: Mapping[str, Any] | None = None,
        status: str = "Completed",
        kinds: Iterable[str] = ("ours",),
        folder: Path = Path(),
    ) -> None:
        self.lines: list[str] = []
        processes = Processes(folder, "", 1, 1, aws_port=1, airflow_port=2)
        super().__init__(processes, self.lines.append, tuple(kinds))
        self.users = self._actions = Answering(answers or {})
        self.recorded = RecordedFaults()
        self.sagemaker = SageMaker()
        self.status = status
        self.runs: list[Run] = []

    @property
    def faults(self) -> Faults:
        return self.recorded

    def client(self, service: str) -> Any:
        assert service == "sagemaker"
        return self.sagemaker

    def _start(self, kind: str, dag_id: str, seconds: float) -> Run:
        self.runs.append(super()._start(kind, dag_id, seconds))
        return self.runs[-1]

    def jobs(self) -> dict[str, list[Job]]:
        return {run.name: [job(self.status)] for run in self.runs}


def job(status: str, name: str = "job") -> Job:
    """Return a job of one status."""
    ended = None if status in ("InProgress", "Stopping") else NOON
    return Job(name, status, NOON, ended)


def task(state: str, name: str = "task") -> dict[str, Any]:
    """Return the tasks of a run that has one of them, as Airflow answers."""
    return {"task_instances": [{"task_id": name, "state": state}]}
