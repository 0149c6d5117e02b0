"""Wait for an answer about a model package, in Airflow or in the model registry."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from airflow.providers.standard.triggers.hitl import HITLTrigger
from airflow.sdk.execution_time.hitl import (
    get_hitl_detail_content_detail,
    update_hitl_detail_response,
)
from airflow.triggers.base import TriggerEvent

from prodml.aws.client import Aws
from prodml.aws.errors import is_transient
from prodml.exceptions import InvalidInputError
from prodml.vocabulary import Json

CHECK = 15.0  # seconds between two descriptions of the model package


class ApprovalTrigger(HITLTrigger):
    """
    Fire with the first answer: that of a person in Airflow, the time-out, or the registry's status.

    An answer of the registry is written into Airflow's required action too, which is resolved then.

    :param model_package_arn: The version that waits.
    :param aws: The arguments of :class:`~prodml.aws.client.Aws`.
    :param answers: Airflow's option for each approval status.
    :param check_interval: Seconds between two descriptions of the version.
    """

    def __init__(
        self,
        *,
        model_package_arn: str,
        aws: Json,
        answers: dict[str, str],
        check_interval: float = CHECK,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.model_package_arn = model_package_arn
        self.aws = aws
        self.answers = answers
        self.check_interval = check_interval

    def serialize(self) -> tuple[str, dict[str, Any]]:
        _, arguments = super().serialize()
        return "prodml.triggers.approval.ApprovalTrigger", {
            **arguments,
            "model_package_arn": self.model_package_arn,
            "aws": self.aws,
            "answers": self.answers,
            "check_interval": self.check_interval,
        }

    async def run(self) -> AsyncIterator[TriggerEvent]:
        detail: Any = await asyncio.to_thread(get_hitl_detail_content_detail, ti_id=self.ti_id)
        if detail is None:
            raise InvalidInputError(
                "dag.test() runs no triggerer, so no one can answer. Set auto_approve, or run the "
                "DAG by a scheduler."
            )
        in_airflow = asyncio.ensure_future(anext(super().run()))
        in_registry = asyncio.ensure_future(self._from_registry())
        waiting = {in_airflow, in_registry}
        try:
            while waiting:
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for answer in done:
                    if event := answer.result():
                        yield event
                        return
        finally:
            in_airflow.cancel()
            in_registry.cancel()

    async def _handle_response(self) -> TriggerEvent | None:
        """Return the answer that Airflow has stored, if any; one without a user is no person's.

        Airflow 3.2's provider cannot read such an answer, which the registry or the time-out gave
        before the triggerer restarted.
        """
        detail = await asyncio.to_thread(get_hitl_detail_content_detail, ti_id=self.ti_id)
        if not detail.response_received:
            return None
        if detail.responded_by_user is None:
            return self._unsigned(detail, timedout=True)
        event: TriggerEvent | None = await super()._handle_response()  # type: ignore[no-untyped-call]
        return event

    async def _handle_timeout(self) -> TriggerEvent:
        return await self._handle_response() or await super()._handle_timeout()

    async def _from_registry(self) -> TriggerEvent | None:
        """Return the registry's answer; None if Airflow had one before, which counts."""
        aws = Aws(**self.aws)
        while True:
            if chosen := self.answers.get(await asyncio.to_thread(self._status, aws)):
                return await asyncio.to_thread(self._resolved, chosen)
            await asyncio.sleep(self.check_interval)

    def _status(self, aws: Aws) -> str:
        """Return the version's approval status; empty while AWS cannot be reached."""
        try:
            describe = aws.client("sagemaker").describe_model_package
            package = describe(ModelPackageName=self.model_package_arn)
        except Exception as error:
            if not is_transient(error):
                raise
            aws.forget()
            self.log.warning("Cannot read the approval status now: %s", error)
            return ""
        return str(package["ModelApprovalStatus"])

    def _resolved(self, chosen: str) -> TriggerEvent | None:
        """Write the answer into Airflow's required action, and return the event."""
        try:
            detail = update_hitl_detail_response(
                ti_id=self.ti_id, chosen_options=[chosen], params_input={}
            )
        except Exception:
            if get_hitl_detail_content_detail(ti_id=self.ti_id).response_received:
                return None
            raise
        self.log.info("%s: %s, by the model registry", self.model_package_arn, chosen)
        return self._unsigned(detail, timedout=False)

    def _unsigned(self, detail: Any, timedout: bool) -> TriggerEvent:
        """Return the event of an answer that no user of Airflow gave."""
        event: Json = {
            "chosen_options": list(detail.chosen_options),
            "params_input": {},
            "responded_at": detail.responded_at,
            "responded_by_user": None,
            "timedout": timedout,
        }
        return TriggerEvent(event)  # type: ignore[no-untyped-call]
