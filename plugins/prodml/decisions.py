"""Record in the metadata of a version who or what approved or rejected it, and when."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from prodml.vocabulary import Approval

STATUS, BY, AT = "decided", "decided_by", "decided_at"
REFUSED = re.compile(r"[^\w .:/=+@-]")  # characters that SageMaker's metadata do not take
LONGEST = 256


def decision(approval: Approval, user: str) -> dict[str, str]:
    """Return the properties that say that *user* gave a version this status now.

    The status is one of them, as a later one may come from the console, which writes none.
    """
    return {
        STATUS: str(approval),
        BY: REFUSED.sub("-", user)[:LONGEST] or "unknown",
        AT: datetime.now(UTC).isoformat(timespec="seconds"),
    }
