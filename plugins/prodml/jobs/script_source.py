"""Give a job its script as an archive in a channel: no container has to fetch it from S3.

https://github.com/aws/sagemaker-training-toolkit reads a source archive from a path as well; the
SageMaker SDK does the same for jobs under network isolation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from prodml.aws.s3 import send_archive
from prodml.debugger import hook
from prodml.exceptions import InvalidInputError, RequestRefusedError
from prodml.jobs import script_runner
from prodml.vocabulary import Json

CHANNEL = "code"
HOOK = "prodml_hook.py"
RUNNER = "prodml_run.py"  # what the toolkit executes
ARCHIVE = f"/opt/ml/input/data/{CHANNEL}/sourcedir.tar.gz"
SERVED = f"{script_runner.MODEL_FOLDER}/{script_runner.CODE}"


def prefix_for_code(code_prefix: str | None) -> str:
    """Return the S3 prefix to upload a source folder to; raise if it is left out."""
    if not code_prefix:
        raise InvalidInputError(
            "source_dir is set, but code_prefix is not. Set code_prefix=s3://..."
        )
    return code_prefix


def with_source(
    s3: Any,
    request: Json,
    source_dir: str,
    entry_point: str,
    prefix: str,
    extra: Mapping[str, bytes] | None = None,
) -> Json:
    """Return CreateTrainingJob's *request* that runs *entry_point* of the folder *source_dir*.

    :param extra: Further files to put into the archive, by name.
    """
    channels = request.get("InputDataConfig", [])
    if CHANNEL in [channel["ChannelName"] for channel in channels]:
        raise RequestRefusedError(
            f"The channel {CHANNEL!r} carries the script. Give the data another channel's name."
        )
    uri = send_archive(s3, source_dir, prefix, {RUNNER: runner(entry_point), **(extra or {})})
    parameters = {
        "sagemaker_program": json.dumps(RUNNER),
        "sagemaker_submit_directory": json.dumps(ARCHIVE),
        "sagemaker_region": json.dumps(s3.meta.region_name),
    }
    return request | {
        "InputDataConfig": [*channels, _channel(uri)],
        "HyperParameters": request.get("HyperParameters", {}) | parameters,
    }


def hook_file() -> dict[str, bytes]:
    """Return the module by which a script reports to rules, for its archive."""
    return {HOOK: Path(hook.__file__).read_bytes()}


def runner(entry_point: str) -> bytes:
    """Return the program that runs *entry_point* and then puts its source into the model."""
    own = Path(script_runner.__file__).read_text()
    return f'{own}\n\nif __name__ == "__main__":\n    run({entry_point!r})\n'.encode()


def serving_environment(entry_point: str, region: str) -> dict[str, str]:
    """Return the variables by which a serving image finds the script in the model."""
    return {
        "SAGEMAKER_PROGRAM": entry_point,
        "SAGEMAKER_SUBMIT_DIRECTORY": SERVED,
        "SAGEMAKER_REGION": region,
    }


def _channel(uri: str) -> Json:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": CHANNEL, "InputMode": "File", "DataSource": {"S3DataSource": source}}
