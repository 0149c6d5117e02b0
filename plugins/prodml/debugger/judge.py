"""Apply several rules to the observations of one job."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from prodml.debugger.observations import Observation
from prodml.debugger.rule import Finding, Rule


class Judge:
    """The detectors of one job; each rule reports once."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._open = [(rule, rule.start()) for rule in rules]
        self.findings: list[Finding] = []

    @property
    def stopping(self) -> Finding | None:
        """Return the first finding that asks to stop the job."""
        return next((finding for finding in self.findings if finding.stop), None)

    def see(self, observations: Iterable[Observation]) -> list[Finding]:
        """Return what the rules find in further *observations*, which are in order of time."""
        new: list[Finding] = []
        for observation in observations:
            for one in list(self._open):
                rule, detector = one
                if observation.source not in rule.sources:
                    continue
                if verdict := detector.see(observation):
                    new.append(Finding.of(rule, verdict, observation.at))
                    self._open.remove(one)
        self.findings += new
        return new
