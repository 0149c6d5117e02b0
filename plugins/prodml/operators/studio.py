"""Write the summaries from which the Studio pages load."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from prodml.operators.base import AwsOperator

if TYPE_CHECKING:
    from airflow.sdk import Context

    from prodml.studio.summaries.writing import Written


class StudioSummaryOperator(AwsOperator):
    """
    Write to S3 what the Studio pages show, so that they load by one call of AWS instead of many.

    A page uses a summary that is at most three minutes old, shows its age, and reads AWS itself
    otherwise. The first run reads everything; later runs read of the trials those that changed.

    Returns ``{"objects", "bytes", "calls"}``: what was written, and the calls of AWS it took.

    :param root: The S3 address below which pipelines keep their data; the objects are in
        ``studio/<deployment>/`` below it.
    :param deployment: The deployment whose API server reads the summaries.
    """

    template_fields: Sequence[str] = (*AwsOperator.template_fields, "root")

    def __init__(self, *, root: str, deployment: str, **kwargs: Any) -> None:
        super().__init__(deployment=deployment, **kwargs)
        self.root = root

    def execute(self, context: Context) -> Written:
        from prodml.studio.summaries.writing import Writer

        written = Writer(self.aws, self.root, self.deployment).write()
        self.log.info("Wrote %(objects)d summaries, %(bytes)d bytes, by %(calls)d calls", written)
        return written
