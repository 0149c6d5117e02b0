"""Read the request of a monitoring job from environment variables and its configuration."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from .capture import Window, moment
from .constraints import MODEL_MONITOR, Constraints, from_json, read_constraints, suggest
from .container import BASE, say
from .documents import Json
from .errors import UnreadableData
from .metrics import Place
from .statistics import Profile, read_profile

CONFIGS = ("config/processingjobconfig.json", "processing/processingjobconfig.json")


@dataclass(frozen=True)
class Order:
    """The request in the environment."""

    environment: Mapping[str, str]

    def path(self, name: str) -> Path | None:
        """Return the file that a variable names; raise UnreadableData if it does not exist."""
        given = self.environment.get(name)
        if given and not Path(given).exists():
            raise UnreadableData(f"{name} is {given}, which the job was not given. Add the input.")
        return Path(given) if given else None

    def need(self, name: str) -> str:
        if not self.environment.get(name):
            raise UnreadableData(f"The environment variable {name} is not set. Set it in the job.")
        return self.environment[name]

    @property
    def window(self) -> Window:
        start, end = (self.environment.get(name) for name in ("start_time", "end_time"))
        return Window(moment(start) if start else None, moment(end) if end else None)

    @property
    def format(self) -> Json:
        try:
            form: Json = json.loads(self.need("dataset_format"))
        except ValueError as error:
            raise UnreadableData(f"dataset_format is not JSON ({error}). Correct it.") from None
        return form

    @property
    def baseline(self) -> tuple[Profile, Constraints] | None:
        """Return the baseline; either file is enough, but a distance needs statistics."""
        statistics, limits = self.path("baseline_statistics"), self.path("baseline_constraints")
        if not statistics and not limits:
            return None
        profile = read_profile(statistics) if statistics else Profile()
        if limits:
            return profile, read_constraints(limits)
        return profile, from_json(suggest(profile, MODEL_MONITOR))

    @property
    def metrics(self) -> Place | None:
        """Return the destination of metrics; None if none are published."""
        if self.environment.get("publish_cloudwatch_metrics") != "Enabled":
            return None
        names = ("metric_time", "sagemaker_endpoint_name", "sagemaker_monitoring_schedule_name")
        when, endpoint, schedule = (self.environment.get(name, "") for name in names)
        when = when or self.environment.get("start_time", "")
        folder = BASE / "output" / "metrics" / "cloudwatch"
        return Place(folder, when or datetime.now(timezone.utc).isoformat(), endpoint, schedule)


def environment() -> dict[str, str]:
    """Return the process's variables, completed from the job's configuration."""
    variables: dict[str, str] = {}
    for name in CONFIGS:
        if (BASE / name).is_file():
            variables |= json.loads((BASE / name).read_text()).get("Environment", {})
    return variables | dict(os.environ)


def end(message: str, code: int) -> int:
    say(message)
    return code
