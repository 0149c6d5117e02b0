"""Merge the company's rules into what is created, put and uploaded; only this module does so.

Every client of :class:`prodml.aws.client.Aws` passes its requests through here. What is named
after its content calls :func:`with_rules` before it computes the name: the same rules applied twice
change nothing. What a request states itself wins over a rule; tags are merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from prodml.aws.local_storage import has_local_storage
from prodml.aws.tags import as_tags, merged
from prodml.company_rules import CompanyRules, company_rules
from prodml.vocabulary import Json

NETWORK = "NetworkConfig"


@dataclass(frozen=True)
class Places:
    """
    Hold the places of a create request that take a rule, as dotted paths; "" is the request itself.

    :param network: Where VpcConfig and EnableNetworkIsolation go.
    :param traffic: Where EnableInterContainerTrafficEncryption goes.
    :param volumes: Where the key of the volumes goes, unless they are local disks.
    :param outputs: Where the key of the output goes, if there is an output.
    :param security: The member that takes VpcConfig, the encryption of traffic and the key of the
        volumes together, and no isolation.
    :param volume_key: The member that holds the key of the volumes.
    """

    network: tuple[str, ...] = ()
    traffic: tuple[str, ...] = ()
    volumes: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    volume_key: str = "VolumeKmsKeyId"
    security: str = ""


def _monitoring(kind: str) -> Places:
    return Places(
        network=(NETWORK,),
        traffic=(NETWORK,),
        volumes=("JobResources.ClusterConfig",),
        outputs=(f"{kind}JobOutputConfig",),
    )


_TUNED = ("TrainingJobDefinition", "TrainingJobDefinitions")
_TUNED_RESOURCES = ("ResourceConfig", "HyperParameterTuningResourceConfig")
_MONITORED = ("DataQuality", "ModelQuality", "ModelBias", "ModelExplainability")
_TAGGED = ("Endpoint", "ModelPackageGroup", "Experiment", "Trial", "TrialComponent")
# What takes rules, or tags alone; all of it takes tags as a list of keys and values.
PLACES = {
    "CreateTrainingJob": Places(
        network=("",), traffic=("",), volumes=("ResourceConfig",), outputs=("OutputDataConfig",)
    ),
    "CreateHyperParameterTuningJob": Places(
        network=_TUNED,
        traffic=_TUNED,
        volumes=tuple(f"{where}.{part}" for where in _TUNED for part in _TUNED_RESOURCES),
        outputs=tuple(f"{where}.OutputDataConfig" for where in _TUNED),
    ),
    "CreateAutoMLJobV2": Places(outputs=("OutputDataConfig",), security="SecurityConfig"),
    "CreateProcessingJob": Places(
        network=(NETWORK,),
        traffic=(NETWORK,),
        volumes=("ProcessingResources.ClusterConfig",),
        outputs=("ProcessingOutputConfig",),
    ),
    "CreateTransformJob": Places(
        volumes=("TransformResources",), outputs=("TransformOutput", "DataCaptureConfig")
    ),
    "CreateModel": Places(network=("",)),
    "CreateEndpointConfig": Places(
        volumes=("",),
        outputs=("DataCaptureConfig", "AsyncInferenceConfig.OutputConfig"),
        volume_key="KmsKeyId",
    ),
    **{f"Create{kind}JobDefinition": _monitoring(kind) for kind in _MONITORED},
    **{f"Create{noun}": Places() for noun in (*_TAGGED, "MonitoringSchedule")},
    "PutMetricAlarm": Places(),
}
UPLOADS = frozenset({"PutObject", "CopyObject", "CreateMultipartUpload"})
OWN_ENCRYPTION = ("ServerSideEncryption", "SSECustomerAlgorithm")


def enforce(client: Any) -> Any:
    """Return *client*, whose requests have the company's rules from now on."""
    client.meta.events.register("provide-client-params", _provide)
    return client


def _provide(params: Json, model: Any, **_: Any) -> Json:
    return with_rules(model.name, params)


def with_rules(operation: str, request: Json) -> Json:
    """Return the *request* of *operation* with the company's rules, as far as it takes them."""
    rules = company_rules()
    if not rules:
        return request
    if operation in UPLOADS:
        return _encrypted(request, rules.output_kms_key)
    return _merged(PLACES[operation], request, rules) if operation in PLACES else request


def _encrypted(request: Json, key: str) -> Json:
    if not key or any(name in request for name in OWN_ENCRYPTION):
        return request
    return {**request, "ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}


def _merged(places: Places, request: Json, rules: CompanyRules) -> Json:
    request = deepcopy(request)
    for paths, members in (
        (places.network, _network(rules)),
        (places.traffic, _switched(EnableInterContainerTrafficEncryption=rules.encrypt_traffic)),
        (places.outputs, _keyed("KmsKeyId", rules.output_kms_key)),
    ):
        for part in _parts(request, paths) if members else ():
            part.update(members | part)
    if volume := _keyed(places.volume_key, rules.volume_kms_key):
        for part in filter(_takes_volume_key, _parts(request, places.volumes)):
            part.update(volume | part)
    if places.security and (members := _secured(rules)):
        request[places.security] = members | request.get(places.security, {})
    if rules.tags:
        request["Tags"] = merged(request.get("Tags", []), as_tags(dict(rules.tags)))
    return request


def _network(rules: CompanyRules) -> Json:
    return _vpc(rules) | _switched(EnableNetworkIsolation=rules.network_isolation)


def _vpc(rules: CompanyRules) -> Json:
    ids = {"Subnets": [*rules.subnets], "SecurityGroupIds": [*rules.security_groups]}
    return {"VpcConfig": ids} if rules.subnets else {}


def _secured(rules: CompanyRules) -> Json:
    traffic = _switched(EnableInterContainerTrafficEncryption=rules.encrypt_traffic)
    return _vpc(rules) | traffic | _keyed("VolumeKmsKeyId", rules.volume_kms_key)


def _switched(**switches: bool) -> Json:
    return {name: True for name, on in switches.items() if on}


def _keyed(member: str, key: str) -> Json:
    return {member: key} if key else {}


def _parts(request: Json, paths: Iterable[str]) -> Iterator[Json]:
    """Yield the structures at *paths*, of a list each one; NetworkConfig is made if missing."""
    for path in paths:
        first, _, rest = path.partition(".")
        if not path:
            yield request
            continue
        structures = request.setdefault(first, {}) if first == NETWORK else request.get(first, [])
        for part in structures if isinstance(structures, list) else [structures]:
            yield from _parts(part, [rest])


def _takes_volume_key(part: Json) -> bool:
    types = list(_instance_types(part))
    return bool(types) and not any(map(has_local_storage, types))


def _instance_types(value: Any) -> Iterator[str]:
    """Yield the instance types in a structure, of groups and variants too."""
    if isinstance(value, list):
        for item in value:
            yield from _instance_types(item)
    elif isinstance(value, dict):
        for name, member in value.items():
            if name == "InstanceType":
                yield member
            else:
                yield from _instance_types(member)
