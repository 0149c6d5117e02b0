"""Watch a training job with rules, report what they find, and say how a stopped job ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from prodml.aws.s3 import join, put_text
from prodml.debugger.rules import Finding, Rule, rules_of
from prodml.exceptions import StoppedByRuleError
from prodml.experiments.trials import record_stop
from prodml.jobs.examined import Examination, Examined, examine, rule_in
from prodml.jobs.examiner import Examiner
from prodml.jobs.log_follower import Follower
from prodml.links.job import SageMakerLink
from prodml.links.report import TrainingReportLink, publish
from prodml.notifications.outbox import post
from prodml.notifications.run_events import TrainingProblem
from prodml.operators.job import SageMakerJobOperator
from prodml.reports.training import page
from prodml.vocabulary import JobStatus, Json

if TYPE_CHECKING:
    from airflow.sdk import Context


class ExaminedJobOperator(SageMakerJobOperator):
    """
    Base of the operators whose job rules watch.

    :param rules: Rules of :mod:`prodml.debugger.rules` that watch the job's metrics, log and
        resource use. A rule with ``stop=True`` stops the job, which is not trained again by a
        retry. The task leaves a report, and each finding in its log.
    """

    operator_extra_links = (SageMakerLink(), TrainingReportLink())

    def __init__(self, *, rules: Sequence[Rule | Mapping[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rules = rules_of(rules)

    def examined(self, *descriptions: Json) -> Examined | None:
        return Examined.of(self.rules, *descriptions) if self.rules else None

    def follower(self, name: str, description: Json, with_lines: bool) -> Follower:
        examined = self.examined(description)
        if examined is None:
            return super().follower(name, description, with_lines)
        watched: Json = {"examined": examined, "poll_interval": self.poll_interval}
        return Examiner(self.jobs, name, self.log, with_lines, **watched)

    def is_usable(self, description: Json) -> bool:
        return super().is_usable(description) or self._stopping_rule(description) is not None

    def _stopping_rule(self, description: Json) -> Rule | None:
        """Return the rule of this task that stopped the job, unless it may no longer stop jobs."""
        if self.jobs.status(description) != JobStatus.STOPPED:
            return None
        name = rule_in(self.jobs.stopped_by(description))
        return next((rule for rule in self.rules if rule.stop and rule.name == name), None)

    def finish(self, context: Context, name: str, description: Json) -> Any:
        if not (examined := self.examined(description)):
            return super().finish(context, name, description)
        examination = examine(self.aws, examined, name, description)
        self._write_report(context, name, description, examination)
        if rule := self._stopping_rule(description):
            finding = next((one for one in examination.findings if one.rule == rule.name), None)
            reason = str(finding or self.jobs.stopped_by(description))
            return self._end_of_stopped(name, description, rule, reason)
        return super().finish(context, name, description)

    def _end_of_stopped(self, name: str, description: Json, rule: Rule, reason: str) -> Json:
        """Return the result of a stopped job whose model is usable; else raise."""
        is_usable = rule.keeps_model and bool(self.outputs(description))
        arn = description[f"{self.kind.noun}Arn"]
        record_stop(self.sagemaker, arn, reason, is_usable)
        if is_usable:
            self.log.warning("Rule %s stopped the job; its model is kept", rule.name)
            return {**self.result(name, description), "stopped_by": reason}
        raise StoppedByRuleError(
            f"{self.kind.words} {name} was stopped by the rule {reason}\n{rule.advice}\n"
            "Change the candidate, which starts a new job. To train this one nevertheless, remove "
            "the rule or its `stop`, then clear the task."
        )

    def _write_report(
        self, context: Context, name: str, description: Json, examination: Examination
    ) -> None:
        findings: Sequence[Finding] = examination.findings
        if findings:
            texts = [str(finding) for finding in findings]
            self.log.warning("Rules found: %s", " ".join(texts))
            post(TrainingProblem(job=name, findings=texts))
        prefix = description["OutputDataConfig"]["S3OutputPath"]
        text = page(name, self.jobs.status(description), examination.observations, findings)
        uri = put_text(self.s3, join(prefix, name, "rules", "report.html"), text, "text/html")
        publish(context["ti"], uri, self.aws.arguments())
        counts = (len(findings), len(self.rules))
        self.log.info("%d of %d rules found a problem; report: %s", *counts, uri)
