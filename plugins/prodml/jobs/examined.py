"""Hold what the rules of a training job need to read its log and its use, and read them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from prodml.aws.client import Aws
from prodml.aws.logs import Tail
from prodml.debugger.judge import Judge
from prodml.debugger.log_lines import LineReader
from prodml.debugger.observations import Observation
from prodml.debugger.rules import Finding, HighUse, LowUse, Rule, as_json, rules_of
from prodml.jobs.usage import UsageReader, started
from prodml.vocabulary import TRAINING, Json

BY_RULE = "rule "  # begins the tag of a job that a rule stopped
PAGES = 100  # of 1,000 lines per instance, read at most for a report
NO_TAG = re.compile(r"[^\w .:/=+@-]")
TAG_LIMIT = 256
SIZES = ("InstanceType", "InstanceCount")


@dataclass(frozen=True)
class Examined:
    """
    A training job that rules watch.

    :param rules: The rules.
    :param definitions: The job's metric definitions.
    :param resources: Its ResourceConfig.
    """

    rules: tuple[Rule, ...]
    definitions: Sequence[Mapping[str, str]] = ()
    resources: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, rules: Sequence[Rule], *descriptions: Json) -> Examined:
        """Return the job of the first of *descriptions* that states its algorithm."""
        for stated in descriptions:
            if algorithm := stated.get("AlgorithmSpecification"):
                definitions = algorithm.get("MetricDefinitions", [])
                return cls(tuple(rules), definitions, stated.get("ResourceConfig", {}))
        return cls(tuple(rules))

    def as_json(self) -> Json:
        resources, definitions = dict(self.resources or {}), list(map(dict, self.definitions))
        plain = {name: resources[name] for name in SIZES if name in resources}
        return {"rules": as_json(self.rules), "definitions": definitions, "resources": plain}

    @classmethod
    def from_json(cls, stated: Json) -> Examined:
        return cls(rules_of(stated["rules"]), stated["definitions"], stated["resources"])

    def reader(self) -> LineReader:
        return LineReader(self.definitions)

    def usage(self, job: str, since: datetime) -> UsageReader:
        """Return a reader of all resources of the job's instances."""
        return UsageReader(job, dict(self.resources or {}), since)

    def watched_usage(self, job: str, since: datetime) -> UsageReader | None:
        """Return a reader of the resources that rules watch; None if there is no such rule."""
        names = sorted({rule.resource for rule in self.rules if isinstance(rule, LowUse | HighUse)})
        return UsageReader(job, dict(self.resources or {}), since, names) if names else None


@dataclass(frozen=True)
class Examination:
    """All that a job that has ended reported, and what its rules find in it."""

    observations: Sequence[Observation]
    findings: Sequence[Finding]


def examine(aws: Aws, examined: Examined, name: str, description: Json) -> Examination:
    """Read the whole log and use of the job *name*, and apply its rules to them."""
    reader = examined.reader()
    tail = Tail(aws.client("logs"), TRAINING.log_group, name)
    seen: list[Observation] = []
    for _ in range(PAGES):
        if not (lines := tail.new_timed_lines()):
            break
        seen += [one for line in lines for one in reader.read(line.text, line.at)]
    end = description.get("TrainingEndTime") or datetime.now(UTC)
    seen += examined.usage(name, started(description)).new(aws, until=end)
    seen.sort(key=lambda one: one.at)
    judge = Judge(examined.rules)
    judge.see(seen)
    return Examination(seen, judge.findings)


def stop_tag(finding: Finding) -> str:
    """Return the value of the tag of a job that a rule stops: AWS allows few characters."""
    return (BY_RULE + NO_TAG.sub(" ", str(finding)))[:TAG_LIMIT].strip()


def rule_in(tag: str) -> str | None:
    """Return the name of the rule in the tag of a stopped job; None if no rule stopped it."""
    return tag.removeprefix(BY_RULE).partition(":")[0] if tag.startswith(BY_RULE) else None
