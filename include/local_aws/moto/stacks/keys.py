"""AWS::KMS::Key: its policy becomes text, as KMS and the evaluation of policies read it."""

from __future__ import annotations

import json
from typing import Any

from moto.kms.models import Key


def complete() -> None:
    """Have stacks give a key its policy as text."""
    original = Key.create_from_cloudformation_json

    def create(_: Any, /, *arguments: Any, **rest: Any) -> Any:
        key = original(*arguments, **rest)
        if not isinstance(key.policy, str):
            key.policy = json.dumps(key.policy)
        return key

    Key.create_from_cloudformation_json = classmethod(create)
