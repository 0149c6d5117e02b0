"""The condition keys that are in a request's parameters, by service.

https://docs.aws.amazon.com/service-authorization/latest/reference/ lists them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .asked import Asked
from .resources import Place

Keys = dict[str, tuple[str, ...]]
Parameters = Mapping[str, Any]
KMS = "KmsKeyId"
# By key: the members, anywhere in the request, whose values it has.
SAGEMAKER: dict[str, tuple[str, ...]] = {
    "acceleratortypes": ("AcceleratorType", "AcceleratorTypes"),
    "directinternetaccess": ("DirectInternetAccess",),
    "enableremotedebug": ("EnableRemoteDebug",),
    "filesystemaccessmode": ("FileSystemAccessMode",),
    "filesystemdirectorypath": ("DirectoryPath",),
    "filesystemid": ("FileSystemId",),
    "filesystemtype": ("FileSystemType",),
    "imagearns": ("SageMakerImageArn",),
    "instancetypes": ("InstanceType",),
    "intercontainertrafficencryption": ("EnableInterContainerTrafficEncryption",),
    "keepaliveperiod": ("KeepAlivePeriodInSeconds",),
    "maxruntimeinseconds": ("MaxRuntimeInSeconds",),
    "modelapprovalstatus": ("ModelApprovalStatus",),
    "networkisolation": ("EnableNetworkIsolation",),
    "rootaccess": ("RootAccess",),
    "serverlessmaxconcurrency": ("MaxConcurrency",),
    "serverlessmemorysize": ("MemorySizeInMB",),
    "targetmodel": ("TargetModel",),
    "volumekmskey": ("VolumeKmsKeyId",),
    "vpcsecuritygroupids": ("SecurityGroupIds",),
    "vpcsubnets": ("Subnets", "SubnetId"),
    "workteamarn": ("WorkteamArn",),
}
OUTPUTS = (
    *("OutputDataConfig", "ProcessingOutputConfig", "TransformOutput"),
    *("MonitoringOutputConfig", "OutputConfig"),
)
VOLUMES = ("CreateEndpointConfig", "CreateNotebookInstance")  # whose own key is of a volume
S3_HEADER = re.compile(
    r"x-amz-(acl|content-sha256|copy-source|grant-[a-z-]+|metadata-directive|object-ownership|"
    r"server-side-encryption|server-side-encryption-aws-kms-key-id|storage-class|"
    r"server-side-encryption-customer-algorithm|website-redirect-location)"
)
PLAIN: dict[str, dict[str, tuple[str, ...]]] = {
    "application-autoscaling": {
        "application-autoscaling:service-namespace": ("ServiceNamespace",),
        "application-autoscaling:scalable-dimension": ("ScalableDimension",),
    },
    "cloudwatch": {
        "cloudwatch:namespace": ("Namespace",),
        "cloudwatch:alarmactions": ("AlarmActions",),
    },
    "iam": {
        "iam:policyarn": ("PolicyArn",),
        "iam:permissionsboundary": ("PermissionsBoundary",),
        "iam:awsservicename": ("AWSServiceName",),
    },
    "sts": {
        "sts:rolesessionname": ("RoleSessionName",),
        "sts:externalid": ("ExternalId",),
        "sts:sourceidentity": ("SourceIdentity",),
        "sts:transitivetagkeys": ("TransitiveTagKeys",),
    },
    "sns": {"sns:endpoint": ("Endpoint",), "sns:protocol": ("Protocol",)},
    "kms": {"kms:granteeprincipal": ("GranteePrincipal",), "kms:grantoperations": ("Operations",)},
}


def keys_of(asked: Asked, place: Place) -> Keys:
    """Return the condition keys of a request, in lower case, with their values."""
    parameters = asked.parameters
    keys: Keys = {"aws:requestedregion": (place.region,)}
    keys |= _tags(parameters)
    special = SPECIAL.get(asked.service)
    if special:
        keys |= special(asked, place)
    for key, members in PLAIN.get(asked.service, {}).items():
        if values := tuple(v for member in members for v in values_of(member, parameters)):
            keys[key] = values
    return keys


def values_of(member: str, document: Any) -> Iterator[str]:
    """Yield the values that *member* has anywhere in a request, as policies write them."""
    if isinstance(document, list):
        for item in document:
            yield from values_of(member, item)
    elif isinstance(document, Mapping):
        for name, value in document.items():
            if name == member:
                yield from _texts(value)
            else:
                yield from values_of(member, value)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        yield from (text for item in value for text in _texts(item))
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, str | int | float):
        yield str(value)


def _tags(parameters: Parameters) -> Keys:
    tags = dict(_tag_pairs(parameters.get("Tags") or parameters.get("tags") or []))
    names = [*tags, *(parameters.get("TagKeys") or parameters.get("tagKeys") or [])]
    keys: Keys = {f"aws:requesttag/{name.lower()}": (value,) for name, value in tags.items()}
    return keys | ({"aws:tagkeys": tuple(names)} if names else {})


def _tag_pairs(tags: Any) -> Iterator[tuple[str, str]]:
    if isinstance(tags, Mapping):
        yield from ((str(key), str(value)) for key, value in tags.items())
        return
    for tag in tags if isinstance(tags, list) else []:
        if isinstance(tag, Mapping):
            name, value = tag.get("Key", tag.get("key")), tag.get("Value", tag.get("value"))
            yield str(name), str(value or "")


def _sagemaker(asked: Asked, place: Place) -> Keys:
    members = {member for names in SAGEMAKER.values() for member in names}
    values: dict[str, list[str]] = {}
    _collect(asked.parameters, members, values)
    keys: Keys = {}
    for key, names in SAGEMAKER.items():
        if texts := [text for name in names for text in values.get(name, ())]:
            keys[f"sagemaker:{key}"] = tuple(dict.fromkeys(texts))
    outputs = [parameters_of(asked.parameters, name) for name in OUTPUTS]
    if kms := [text for output in outputs for text in _texts(output.get(KMS))]:
        keys["sagemaker:outputkmskey"] = tuple(kms)
    if asked.operation in VOLUMES and (volume := asked.parameters.get(KMS)):
        keys["sagemaker:volumekmskey"] = (str(volume),)
    if asked.operation in ("CreateEndpointConfig", "CreateTransformJob"):
        arn = f"arn:aws:sagemaker:{place.region}:{place.account}:model/"
        models = [arn + name.lower() for name in values_of("ModelName", asked.parameters)]
        keys |= {"sagemaker:modelarn": tuple(models)} if models else {}
    if asked.operation == "AddTags":
        keys["sagemaker:taggingaction"] = ("AddTags",)
    return keys


def _collect(document: Any, members: set[str], values: dict[str, list[str]]) -> None:
    """Gather the values of *members* in one walk over the request."""
    if isinstance(document, list):
        for item in document:
            _collect(item, members, values)
    elif isinstance(document, Mapping):
        for name, value in document.items():
            if name in members:
                values.setdefault(name, []).extend(_texts(value))
            elif isinstance(value, Mapping | list):
                _collect(value, members, values)


def parameters_of(parameters: Parameters, name: str) -> Parameters:
    """Return the structure *name* of a request or of a job definition in it; empty if absent."""
    for holder in (parameters, parameters.get("TrainingJobDefinition") or {}):
        value = holder.get(name) if isinstance(holder, Mapping) else None
        if isinstance(value, Mapping):
            return value
    return {}


def _s3(asked: Asked, _: Place) -> Keys:
    query, headers = asked.parameters.get("query", {}), asked.parameters.get("headers", {})
    keys: Keys = {
        f"s3:{name}": (query[name],)
        for name in ("prefix", "delimiter", "max-keys")
        if name in query
    }
    if "versionId" in query:
        keys["s3:versionid"] = (query["versionId"],)
    documented = ((name, value) for name, value in headers.items() if S3_HEADER.fullmatch(name))
    return keys | {f"s3:{name}": (value,) for name, value in documented}


def _kms(asked: Asked, place: Place) -> Keys:
    keys: Keys = {"kms:calleraccount": (place.account,)}
    context = asked.parameters.get("EncryptionContext")
    if isinstance(context, Mapping):
        keys |= {f"kms:encryptioncontext:{k.lower()}": (str(v),) for k, v in context.items()}
        keys["kms:encryptioncontextkeys"] = tuple(context)
    return keys


SPECIAL: dict[str, Callable[[Asked, Place], Keys]] = {
    **dict.fromkeys(("sagemaker", "sagemaker-runtime"), _sagemaker),
    "s3": _s3,
    "kms": _kms,
}
