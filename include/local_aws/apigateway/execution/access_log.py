"""Write a line of the access log for each request, in the format of its stage."""

from __future__ import annotations

import hashlib
import logging
import re

from ...cloudwatch.logs import Logs
from ...core.account import Aws
from ..account_api import log_role
from ..deployed import Stage
from ..mappings import context_value
from ..stage_settings import DESTINATION
from .request import ApiRequest

log = logging.getLogger(__name__)
VARIABLE = re.compile(r"\$context\.([\w.]+\w)")


async def write(aws: Aws, stage: Stage, request: ApiRequest) -> None:
    """Write the line, if the stage has a log that the account's role may write to."""
    settings = stage.settings.get("accessLogSettings") or {}
    destination = DESTINATION.fullmatch(settings.get("destinationArn") or "")
    role = log_role(aws)
    if destination is None or role is None or aws.part(Logs).group(destination[2]) is None:
        return
    stream = hashlib.md5(f"{stage.api}/{stage.name}".encode(), usedforsecurity=False).hexdigest()
    arn = aws.arn(f"log-group:{destination[2]}:log-stream:{stream}", "logs")
    place = aws.account, aws.region
    if denial := await aws.credentials.denial(place, role, "logs:PutLogEvents", arn):
        log.warning("The access log of %s/%s is not written: %s", stage.api, stage.name, denial)
        return
    aws.part(Logs).put(destination[2], stream, line(settings["format"], request))


def line(form: str, request: ApiRequest) -> str:
    """Return the line of a request; a missing variable is a hyphen."""
    return VARIABLE.sub(lambda match: context_value(request.context, match[1]) or "-", form)
