"""Ask a person whether a registered model may be deployed, and write the answer down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk.execution_time.hitl import upsert_hitl_detail

from prodml.aws.retries import with_retries
from prodml.decisions import decision
from prodml.endpoints.versions import describe_version
from prodml.exceptions import RequestRefusedError
from prodml.naming import version_of
from prodml.notifications import version_events
from prodml.notifications.outbox import post
from prodml.notifications.sending import send_once
from prodml.operators.base import AwsOperator
from prodml.operators.registry import REASON
from prodml.rendered import truth
from prodml.results import Approved
from prodml.run_notes import leave
from prodml.triggers.approval import ApprovalTrigger
from prodml.vocabulary import Approval, Json

if TYPE_CHECKING:
    from airflow.sdk import Context

POKE = 2.0  # seconds between two reads of the required action; Airflow 3.3 also wakes the task
REGISTRY = "the model registry"
ANSWERS = {
    Approval.APPROVED.value: ApprovalOperator.APPROVE,
    Approval.REJECTED.value: ApprovalOperator.REJECT,
}


class ApproveModelPackageOperator(AwsOperator, ApprovalOperator):
    """
    Wait in Airflow's *Required Actions* for Approve or Reject; the version gets that status.

    While it waits it holds no worker slot. The version's status in the model registry, set in the
    console or by UpdateModelPackage, is an answer as well: the first answer counts, and resolves
    the required action. Reject, and no answer in time, set the version to Rejected and skip what
    follows. A version that is Approved already passes at once;
    one that is Rejected fails the task: it is never deployed.

    Returns ``{"model_package_arn", "approval", "by", "why"}``.

    :param model_package_arn: The version.
    :param subject: The question, in a line.
    :param body: What is needed to decide, as Markdown: the scorecards.
    :param auto_approve: Approve without asking anyone.
    :param hours: How long to wait for an answer.
    """

    template_fields: Sequence[str] = (
        *AwsOperator.template_fields,
        "subject",
        "body",
        "model_package_arn",
        "auto_approve",
        "hours",
    )

    def __init__(
        self,
        *,
        model_package_arn: str,
        subject: str = "Deploy this model?",
        auto_approve: bool | str = False,
        hours: float | str = 24,
        **kwargs: Any,
    ) -> None:
        super().__init__(subject=subject, defaults=self.REJECT, **kwargs)
        self.model_package_arn = model_package_arn
        self.auto_approve = auto_approve
        self.hours = hours

    def execute(self, context: Context) -> Any:
        approval = self._package()["ModelApprovalStatus"]
        if approval == Approval.APPROVED:
            return self._answer(Approval.APPROVED, "no one", "It is approved already.")
        if approval == Approval.REJECTED:
            raise RequestRefusedError(
                f"Model package {self.model_package_arn} is Rejected, and a rejected model is "
                "never deployed. Choose another version, or train a better one."
            )
        if truth(self.auto_approve):
            self._post(Approval.APPROVED, "without being asked", "")
            return self._decide(Approval.APPROVED, "auto_approve", "Approved without being asked.")
        return self._ask(context, datetime.now(UTC) + timedelta(hours=float(self.hours)))

    def _ask(self, context: Context, until: datetime) -> NoReturn:
        """Open the required action, send the notification, and wait for the first answer."""
        ti: Any = context["ti"]
        card = self._card(until)
        upsert_hitl_detail(
            ti_id=ti.id,
            options=self.options,
            subject=self.subject,
            body=card,
            defaults=self.defaults,
            multiple=False,
            params={},
            assigned_users=self.assigned_users,
        )
        arn = self.model_package_arn
        send_once(version_events.ApprovalWaiting(model_package_arn=arn, card=card), context)
        trigger = ApprovalTrigger(
            ti_id=ti.id,
            options=self.options,
            defaults=self.defaults,
            params={},
            multiple=False,
            timeout_datetime=until,
            poke_interval=POKE,
            model_package_arn=arn,
            aws=self.aws.arguments(),
            answers=ANSWERS,
        )
        self.defer(trigger=trigger, method_name="execute_complete")
        raise AssertionError("defer() has returned")

    def execute_complete(self, context: Context, event: Json) -> Any:
        """Resume after an answer in Airflow or in the model registry, or after the time-out."""
        package = self._package()
        if chosen := ANSWERS.get(package["ModelApprovalStatus"]):
            event = event | {"chosen_options": [chosen]}  # the registry's answer came first
            answer = self._in_registry(package)
        else:
            answer = self._in_airflow(event)
        # A rejection skips by an exception, which would lose what this method returns.
        context["ti"].xcom_push(key="return_value", value=answer)
        super().execute_complete(context, event)
        return answer

    def _in_airflow(self, event: Json) -> Approved:
        """Set the version's status by a person's answer, or by the default of the time-out."""
        chosen = event.get("chosen_options", [self.REJECT])[0]
        user = (event.get("responded_by_user") or {}).get("name")
        if event.get("timedout"):
            user, why = "no one", f"No answer within {self.hours} hours."
            shown = why
        else:
            why = f"{chosen} by {user or 'an unknown user'}."
            shown = "Rejected in Airflow."
        approval = Approval.APPROVED if chosen == self.APPROVE else Approval.REJECTED
        answer = self._decide(approval, user or "unknown", why)
        self._post(approval, "in Airflow", shown)
        return answer

    def _in_registry(self, package: Json) -> Approved:
        """Return the status that the registry has; it is not written again."""
        approval = Approval(package["ModelApprovalStatus"])
        reason = package.get("ApprovalDescription")
        why = f"{approval} in the model registry{f': {reason}' if reason else '.'}"
        answer = self._answer(approval, REGISTRY, why, changed=True)
        self._post(approval, "in the model registry", f"{approval} in the model registry.")
        return answer

    def _post(self, approval: Approval, where: str, reason: str) -> None:
        arn = self.model_package_arn
        if approval == Approval.APPROVED:
            post(version_events.Approved(model_package_arn=arn, where=where))
        else:
            post(version_events.Rejected(model_package_arn=arn, reason=reason))

    def _card(self, deadline: datetime) -> str:
        """Return the body, with the version and until when an answer counts."""
        name, _, version = self.model_package_arn.rpartition("/")
        return (
            f"**Version {version}** of {name.rpartition('/')[2]}. Answer until "
            f"**{deadline:%Y-%m-%d %H:%M} UTC**; no answer rejects it.\n\n{self.body or ''}"
        )

    def _decide(self, approval: Approval, user: str, why: str) -> Approved:
        with_retries(
            self.sagemaker.update_model_package,
            ModelPackageArn=self.model_package_arn,
            ModelApprovalStatus=str(approval),
            ApprovalDescription=why[:REASON],
            CustomerMetadataProperties=decision(approval, user),
        )
        return self._answer(approval, user, why, changed=True)

    def _answer(self, approval: Approval, user: str, why: str, changed: bool = False) -> Approved:
        self.log.info("%s is %s: %s", self.model_package_arn, approval, why)
        version = version_of(self.model_package_arn)
        before = f"was {Approval.PENDING} and " if changed else ""
        leave(f"Version {version} {before}is {approval}: {why}")
        return {
            "model_package_arn": self.model_package_arn,
            "approval": str(approval),
            "by": user,
            "why": why,
        }

    def _package(self) -> Json:
        return describe_version(self.sagemaker, self.model_package_arn)
