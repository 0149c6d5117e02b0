"""docker-compose.yaml as processes of this machine: with its commands, variables and volumes.

Hosts, ports and folders replace those of containers; everything else is as in the file.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from chaos.root import ROOT

COMPOSE, EXAMPLE = ROOT / "docker-compose.yaml", ROOT / ".env.example"
HOME = "/opt/airflow"  # the image's AIRFLOW_HOME and working directory
VARIABLE = re.compile(r"\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})")


@dataclass(frozen=True)
class Compose:
    """The file under one *env_file*, with *root* as every container's file system."""

    root: Path
    hosts: Mapping[str, str]  # names in the file -> addresses here
    env_file: Mapping[str, str]

    @property
    def home(self) -> Path:
        return self.root / HOME[1:]

    @cached_property
    def services(self) -> dict[str, Any]:
        return dict(yaml.safe_load(COMPOSE.read_text())["services"])

    def environment(self, service: str) -> dict[str, str]:
        """Return the variables of the image and the file; `environment` overrides them."""
        written = self.services[service]["environment"]
        all_of_them = {"AIRFLOW_HOME": HOME, **self.env_file, **written}
        given = {name: value for name, value in all_of_them.items() if value is not None}
        return {name: self._here(str(value)) for name, value in given.items()}

    def command(self, service: str) -> list[str]:
        written = self.services[service]["command"]
        words = written.split() if isinstance(written, str) else written
        return [self._here(word) for word in words]

    def mount(self, service: str) -> None:
        """Copy the folders of the service's mounts, and create empty ones for its volumes."""
        for volume in self.services[service]["volumes"]:
            source, target = volume.split(":")[:2]
            inside = self.root / target[1:]
            if not source.startswith("./"):
                inside.mkdir(parents=True, exist_ok=True)
            elif not inside.exists():  # several services mount the same folder
                shutil.copytree(ROOT / source, inside)

    def _here(self, text: str) -> str:
        text = interpolated(text, self.env_file)
        for theirs, ours in self.hosts.items():
            text = text.replace(theirs, ours)
        return re.sub(rf"(?<![\w/])({HOME}|/data)\b", rf"{self.root}\1", text)


def interpolated(text: str, variables: Mapping[str, str]) -> str:
    """Return *text* with ${NAME}, ${NAME:-default}, ${NAME:?error} and $$ replaced."""

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if name is None:
            return "$"
        if kind == "?" and not variables.get(name):
            raise KeyError(f"{name} is not set: {rest}")
        return variables.get(name) or (rest if kind == "-" else "")

    return VARIABLE.sub(value, text)


def example() -> dict[str, str]:
    """Return the variables of .env.example, for the embedded AWS."""
    lines = EXAMPLE.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
