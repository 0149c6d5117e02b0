"""The documents in /opt/ml/input/config that describe its job to a training container."""

from __future__ import annotations

from ...core.store import Doc
from ..jobs.channels import channel_config
from ..jobs.cluster import Cluster, Host


def configuration(request: Doc, cluster: Cluster, host: Host) -> Doc:
    """Return each document of *host*'s container by the name of its file."""
    kind = request["ResourceConfig"].get("InstanceType", "ml.m5.large")
    config: Doc = {
        "hyperparameters": request.get("HyperParameters", {}),
        "inputdataconfig": channel_config(request),
        "resourceconfig": cluster.config(host, kind),
    }
    if checkpoints := request.get("CheckpointConfig"):
        config["checkpointconfig"] = {"LocalPath": "/opt/ml/checkpoints"} | checkpoints
    return config
