"""The stages as they answer: the copies of their deployments, prepared and kept in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from ..core.account import Aws
from ..core.store import Doc
from .schemas import Model
from .templates.language import Template


class Route(NamedTuple):
    """The resource and the method that answer a request, and the variables in its path."""

    resource: Doc
    method: Doc
    variables: Mapping[str, str]


class Stage:
    """One stage with the copy of the API that its deployment made."""

    def __init__(self, settings: Doc, deployment: Doc) -> None:
        self.settings = settings
        self.api: str = settings["restApiId"]
        self.name: str = settings["stageName"]
        self.snapshot: Doc = deployment["snapshot"]
        self._templates: dict[str, Template] = {}
        self._models: dict[str, Model] = {}

    @cached_property
    def _paths(self) -> list[tuple[re.Pattern[str], Doc]]:
        """Return the patterns of all resources, the most specific first."""
        resources = [r for r in self.snapshot["resources"].values() if r["methods"]]
        resources.sort(key=lambda resource: [_rank(part) for part in resource["path"].split("/")])
        return [(_pattern(resource["path"]), resource) for resource in resources]

    @cached_property
    def _schemas(self) -> dict[str, object]:
        models = self.snapshot["models"].values()
        return {model["name"]: json.loads(model.get("schema") or "{}") for model in models}

    def route(self, method: str, path: str) -> Route | None:
        """Return what answers *method* on *path*; None if nothing does."""
        for resource, variables in self._matching(path):
            for name in (method, "ANY"):
                if name in resource["methods"]:
                    return Route(resource, resource["methods"][name], variables)
        return None

    def _matching(self, path: str) -> list[tuple[Doc, Mapping[str, str]]]:
        path = path.rstrip("/") or "/"
        matches = ((pattern.fullmatch(path), resource) for pattern, resource in self._paths)
        return [(resource, _variables(resource, match)) for match, resource in matches if match]

    def template(self, text: str) -> Template:
        """Return the parsed template of *text*, one of the snapshot's."""
        if text not in self._templates:
            self._templates[text] = Template(text)
        return self._templates[text]

    def model(self, name: str) -> Model | None:
        """Return a model, ready to validate; None for one that was deleted before deployment."""
        if name not in self._schemas:
            return None
        if name not in self._models:
            self._models[name] = Model(name, self._schemas)
        return self._models[name]


class Deployed:
    """The stages and API keys of an account that requests have used."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._stages: dict[tuple[str, str], Stage] = {}
        self._keys: dict[str, Doc] | None = None
        self._plans: list[Doc] | None = None

    def stage(self, api: str, name: str) -> Stage | None:
        """Return a stage; None if the account has none of that name."""
        if stage := self._stages.get((api, name)):
            return stage
        settings = self._aws.store.get("api-stage", f"{api}/{name}")
        if settings is None:
            return None
        deployment = self._aws.store.get("api-deployment", f"{api}/{settings['deploymentId']}")
        if deployment is None:
            return None
        stage = self._stages[api, name] = Stage(settings, deployment)
        return stage

    def key(self, value: str) -> Doc | None:
        """Return the enabled API key with that value."""
        if self._keys is None:
            self._keys = {key["value"]: key for key in self._aws.store.list("api-key")}
        key = self._keys.get(value)
        return key if key and key["enabled"] else None

    def plan(self, key: str, stage: Stage) -> Doc | None:
        """Return the usage plan by which a key may call a stage."""
        if self._plans is None:
            self._plans = self._aws.store.list("usage-plan")
        place = {"apiId": stage.api, "stage": stage.name}
        plans = (p for p in self._plans if key in p["keys"] and place in p["apiStages"])
        return next(plans, None)

    def forget(self, api: str) -> None:
        """Read the stages of an API again at their next request."""
        self._stages = {place: s for place, s in self._stages.items() if place[0] != api}

    def forget_keys(self) -> None:
        """Read keys and usage plans again at the next request."""
        self._keys = self._plans = None


def _rank(part: str) -> int:
    return 0 if not part.startswith("{") else 2 if part.endswith("+}") else 1


def _pattern(path: str) -> re.Pattern[str]:
    parts = (
        "(.+)" if _rank(p) == 2 else "([^/]+)" if _rank(p) else re.escape(p) for p in _parts(path)
    )
    return re.compile("/" + "/".join(parts), re.DOTALL)


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _variables(resource: Doc, match: re.Match[str]) -> Mapping[str, str]:
    names = [part.strip("{}+") for part in _parts(resource["path"]) if _rank(part)]
    return dict(zip(names, match.groups(), strict=True))
