"""`--iam enforce` and `--iam record`, through boto3, in every protocol."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from include.local_aws.testing import REGION, Server, running_server
from tests.include.local_aws.jobs import XGBOOST, Jobs
from tests.include.local_aws.refusals import refusal
from tests.include.local_aws.sagemaker.pipelines.definitions import (
    Pipelines,
    definition,
    model,
    processing,
)

ACCOUNT = "000000000000"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/prodml"
NEEDS_VPC = {
    "Version": "2012-10-17",
    "Statement": {
        "Sid": "TrainingNeedsSubnets",
        "Effect": "Deny",
        "Action": "sagemaker:CreateTrainingJob",
        "Resource": "*",
        "Condition": {"Null": {"sagemaker:VpcSubnets": "true"}},
    },
}
VPC = {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
Keys = dict[str, str]


class Enforcing:
    """A server with `--iam enforce`, and clients of its principals."""

    def __init__(self, server: Server, secret: str) -> None:
        self.server = server
        self.root = {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": secret}

    def client(self, service: str, keys: Keys | None = None, **config: Any) -> Any:
        """Return a client of *keys*, by default of the root user."""
        s3 = {"addressing_style": "path"}
        config = {"retries": {"total_max_attempts": 1}, "s3": s3} | config
        return boto3.client(
            service,
            endpoint_url=self.server.url,
            region_name=REGION,
            config=Config(**config),
            **(keys or self.root),
        )

    def jobs(self) -> Jobs:
        """Return the root user's view of jobs."""
        sagemaker, s3, logs = (self.client(name) for name in ("sagemaker", "s3", "logs"))
        return Jobs(sagemaker, s3, logs, "data")

    def user(self, name: str, *statements: dict[str, Any]) -> Keys:
        """Create a user with an inline policy of *statements* and return its keys."""
        iam = self.client("iam")
        iam.create_user(UserName=name)
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": statements})
            iam.put_user_policy(UserName=name, PolicyName="inline", PolicyDocument=document)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return _keys(key["AccessKeyId"], key["SecretAccessKey"])


def _keys(key_id: str, secret: str, token: str | None = None) -> Keys:
    keys = {"aws_access_key_id": key_id, "aws_secret_access_key": secret}
    return keys | ({"aws_session_token": token} if token else {})


def allow(*actions: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource} | more


@pytest.fixture(scope="module")
def enforcing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enforcing]:
    folder = tmp_path_factory.mktemp("enforcing")
    scp = folder / "scp.json"
    scp.write_text(json.dumps(NEEDS_VPC))
    data = folder / "aws"
    with running_server(data, time_scale=60, iam="enforce", scps=[scp]) as server:
        enforcing = Enforcing(server, (data / "root-secret").read_text())
        s3 = enforcing.client("s3")
        s3.create_bucket(Bucket="data")
        s3.put_object(Bucket="data", Key="in/a.csv", Body=b"1,2\n2,3\n")
        yield enforcing


@pytest.fixture(scope="module")
def powerless(enforcing: Enforcing) -> Keys:
    """Return the keys of a user without a policy."""
    return enforcing.user("powerless")


def denial(action: str, resource: str, who: str) -> str:
    return (
        f"User: arn:aws:iam::{ACCOUNT}:{who} is not authorized to perform: {action} on resource: "
        f"{resource} because no identity-based policy allows the {action} action"
    )


TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:a"
METRIC = [{"MetricName": "m", "Value": 1.0}]
ENDPOINT = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:endpoint/a"
TRIAL = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:experiment-trial-component/a"
PROTOCOLS: dict[str, tuple[str, str, dict[str, Any], str, str, str]] = {
    "json": (
        *("sagemaker", "describe_endpoint", {"EndpointName": "a"}),
        *("AccessDeniedException", "sagemaker:DescribeEndpoint", ENDPOINT),
    ),
    "json of moto": (
        *("kms", "list_keys", {}),
        *("AccessDeniedException", "kms:ListKeys", "*"),
    ),
    "query": (*("iam", "list_users", {}), *("AccessDenied", "iam:ListUsers", "*")),
    "query of sns": (
        *("sns", "create_topic", {"Name": "a"}),
        *("AuthorizationError", "sns:CreateTopic", TOPIC),
    ),
    "rest of s3": (
        *("s3", "get_object", {"Bucket": "data", "Key": "in/a.csv"}),
        *("AccessDenied", "s3:GetObject", '"arn:aws:s3:::data/in/a.csv"'),
    ),
    "runtime": (
        *("sagemaker-runtime", "invoke_endpoint", {"EndpointName": "a", "Body": b"1"}),
        *("AccessDeniedException", "sagemaker:InvokeEndpoint", ENDPOINT),
    ),
    "metrics": (
        "sagemaker-metrics",
        "batch_put_metrics",
        {
            "TrialComponentName": "a",
            "MetricData": [{"MetricName": "m", "Timestamp": 1, "Step": 1, "Value": 1.0}],
        },
        *("AccessDeniedException", "sagemaker:BatchPutMetrics", TRIAL),
    ),
    "cloudwatch": (
        *("cloudwatch", "put_metric_data", {"Namespace": "a", "MetricData": METRIC}),
        *("AccessDeniedException", "cloudwatch:PutMetricData", "*"),
    ),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_denial_in_the_words_of_each_protocol(
    enforcing: Enforcing, powerless: Keys, protocol: str
) -> None:
    service, method, request, code, action, resource = PROTOCOLS[protocol]
    call = getattr(enforcing.client(service, powerless), method)
    assert refusal(call, **request) == (code, denial(action, resource, "user/powerless"))


FORGED = {
    "sagemaker": ("list_endpoints", "InvalidSignatureException", "UnrecognizedClientException"),
    "iam": ("list_users", "SignatureDoesNotMatch", "InvalidClientTokenId"),
    "s3": ("list_buckets", "SignatureDoesNotMatch", "InvalidAccessKeyId"),
}


@pytest.mark.parametrize("service", FORGED)
def test_key_or_secret_that_was_not_issued(
    enforcing: Enforcing, powerless: Keys, service: str
) -> None:
    method, mismatch, unknown = FORGED[service]
    forged = powerless | {"aws_secret_access_key": "guessed"}
    assert refusal(getattr(enforcing.client(service, forged), method))[0] == mismatch
    invented = _keys("AKIAIOSFODNN7EXAMPLE", "guessed")
    assert refusal(getattr(enforcing.client(service, invented), method))[0] == unknown


def test_anonymous_request_needs_a_bucket_policy(enforcing: Enforcing) -> None:
    enforcing.client("s3").create_bucket(Bucket="public")
    enforcing.client("s3").put_object(Bucket="public", Key="a", Body=b"1")
    url = f"{enforcing.server.url}/public/a"
    with pytest.raises(urllib.error.HTTPError) as denied:
        urllib.request.urlopen(url)
    assert denied.value.code == 403
    statement = allow("s3:GetObject", resource="arn:aws:s3:::public/*", Principal="*")
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    enforcing.client("s3").put_bucket_policy(Bucket="public", Policy=policy)
    assert urllib.request.urlopen(url).read() == b"1"


def test_unsigned_request_to_another_service_is_refused(enforcing: Enforcing) -> None:
    request = urllib.request.Request(
        enforcing.server.url, b"{}", {"X-Amz-Target": "SageMaker.ListEndpoints"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    assert json.load(refused.value)["__type"] == "MissingAuthenticationTokenException"


def test_presigned_url_counts_as_its_signer(enforcing: Enforcing, powerless: Keys) -> None:
    reader = enforcing.user("reader", allow("s3:GetObject", resource="arn:aws:s3:::data/in/*"))
    target = {"Bucket": "data", "Key": "in/a.csv"}

    def url(keys: Keys) -> str:
        client = enforcing.client("s3", keys, signature_version="s3v4")
        presigned: str = client.generate_presigned_url("get_object", Params=target)
        return presigned

    assert urllib.request.urlopen(url(reader)).read().startswith(b"1,2")
    for other in (url(powerless), url(reader).replace("a.csv", "b.csv")):
        with pytest.raises(urllib.error.HTTPError) as denied:
            urllib.request.urlopen(other)
        assert denied.value.code == 403


def test_policy_counts_from_the_request_after_it(enforcing: Enforcing) -> None:
    keys = enforcing.user("writer")
    put = enforcing.client("s3", keys).put_object
    request = {"Bucket": "data", "Key": "writer/a", "Body": b"1"}
    assert refusal(put, **request)[0] == "AccessDenied"
    own = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": allow("s3:PutObject", resource="arn:aws:s3:::data/${aws:username}/*"),
        }
    )
    enforcing.client("iam").put_user_policy(UserName="writer", PolicyName="a", PolicyDocument=own)
    put(**request)
    assert refusal(put, **request | {"Key": "reader/a"})[0] == "AccessDenied"


def test_group_counts_for_its_users_and_a_managed_policy_of_aws_exists(
    enforcing: Enforcing,
) -> None:
    keys, iam = enforcing.user("member"), enforcing.client("iam")
    iam.create_group(GroupName="readers")
    policy = "arn:aws:iam::aws:policy/AmazonSageMakerReadOnly"
    iam.attach_group_policy(GroupName="readers", PolicyArn=policy)
    iam.add_user_to_group(GroupName="readers", UserName="member")
    sagemaker = enforcing.client("sagemaker", keys)
    assert sagemaker.list_endpoints()["Endpoints"] == []
    assert refusal(sagemaker.delete_endpoint, EndpointName="a")[0] == "AccessDeniedException"


def test_condition_on_tags_of_the_request_and_of_the_resource(enforcing: Enforcing) -> None:
    team = {"StringEquals": {"aws:RequestTag/team": "ml"}}
    own = {"StringEquals": {"aws:ResourceTag/team": "ml"}}
    keys = enforcing.user(
        "tagger",
        allow("sagemaker:CreateExperiment", "sagemaker:AddTags", Condition=team),
        allow("sagemaker:DescribeExperiment", Condition=own),
    )
    sagemaker = enforcing.client("sagemaker", keys)
    request = {"ExperimentName": "tagged"}
    assert refusal(sagemaker.create_experiment, **request)[0] == "AccessDeniedException"
    sagemaker.create_experiment(**request, Tags=[{"Key": "team", "Value": "ml"}])
    enforcing.client("sagemaker").create_experiment(ExperimentName="untagged")
    assert sagemaker.describe_experiment(**request)["ExperimentName"] == "tagged"
    code, _ = refusal(sagemaker.describe_experiment, ExperimentName="untagged")
    assert code == "AccessDeniedException"


def test_condition_on_tags_of_roles_and_keys(enforcing: Enforcing) -> None:
    own = {"StringEquals": {"aws:ResourceTag/team": "ml"}}
    keys = enforcing.user("owner", allow("iam:GetRole", "kms:DescribeKey", Condition=own))
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    root, kms = enforcing.client("iam"), enforcing.client("kms")
    tags = {"ml": [{"Key": "team", "Value": "ml"}], "other": [{"Key": "team", "Value": "other"}]}
    for team, tag in tags.items():
        root.create_role(RoleName=team, AssumeRolePolicyDocument=document, Tags=tag)
    ids = {
        team: kms.create_key(
            Tags=[{"TagKey": entry["Key"], "TagValue": entry["Value"]} for entry in tag]
        )["KeyMetadata"]["KeyId"]
        for team, tag in tags.items()
    }
    iam, kms = enforcing.client("iam", keys), enforcing.client("kms", keys)
    iam.get_role(RoleName="ml")
    kms.describe_key(KeyId=ids["ml"])
    assert refusal(iam.get_role, RoleName="other")[0] == "AccessDenied"
    assert refusal(kms.describe_key, KeyId=ids["other"])[0] == "AccessDeniedException"


def _assumable(
    enforcing: Enforcing, name: str, trusted: dict[str, str], *statements: dict[str, Any]
) -> str:
    iam = enforcing.client("iam")
    trust = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName=name, PolicyName="inline", PolicyDocument=policy)
    arn: str = role["Arn"]
    return arn


def test_session_of_a_role_is_limited_by_its_session_policy(
    enforcing: Enforcing, powerless: Keys
) -> None:
    user = f"arn:aws:iam::{ACCOUNT}:user/powerless"
    role = _assumable(enforcing, "assumed", {"AWS": user}, allow("s3:*", "sagemaker:ListEndpoints"))
    only = json.dumps({"Version": "2012-10-17", "Statement": allow("s3:ListAllMyBuckets")})
    issued = enforcing.client("sts", powerless).assume_role(
        RoleArn=role, RoleSessionName="run", Policy=only
    )["Credentials"]
    keys = _keys(issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"])
    identity = enforcing.client("sts", keys).get_caller_identity()["Arn"]
    assert identity == f"arn:aws:sts::{ACCOUNT}:assumed-role/assumed/run"
    enforcing.client("s3", keys).list_buckets()
    code, message = refusal(enforcing.client("sagemaker", keys).list_endpoints)
    assert code == "AccessDeniedException"
    assert message.endswith("because no session policy allows the sagemaker:ListEndpoints action")
    other = keys | {"aws_session_token": "another"}
    assert refusal(enforcing.client("s3", other).list_buckets)[0] == "InvalidToken"
    managed = enforcing.client("sts", powerless).assume_role(
        RoleArn=role,
        RoleSessionName="run",
        PolicyArns=[{"arn": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}],
    )["Credentials"]
    keys = _keys(managed["AccessKeyId"], managed["SecretAccessKey"], managed["SessionToken"])
    enforcing.client("s3", keys).list_buckets()
    code, message = refusal(enforcing.client("s3", keys).create_bucket, Bucket="written")
    assert (code, message.partition(" because ")[2]) == (
        "AccessDenied",
        "no session policy allows the s3:CreateBucket action",
    )


def test_session_token_of_a_user_is_used_at_once(enforcing: Enforcing) -> None:
    user = enforcing.user("temporary", allow("sagemaker:ListEndpoints", "sts:GetSessionToken"))
    issued = enforcing.client("sts", user).get_session_token()["Credentials"]
    keys = _keys(issued["AccessKeyId"], issued["SecretAccessKey"], issued["SessionToken"])
    assert enforcing.client("sagemaker", keys).list_endpoints()["Endpoints"] == []
    assert refusal(enforcing.client("s3", keys).list_buckets)[0] == "AccessDenied"


def test_role_that_does_not_trust_the_caller_is_not_assumed(
    enforcing: Enforcing, powerless: Keys
) -> None:
    code, message = refusal(
        enforcing.client("sts", powerless).assume_role, RoleArn=ROLE, RoleSessionName="run"
    )
    assert code == "AccessDenied"
    assert "because no role trust policy allows the sts:AssumeRole action" in message


def test_object_under_a_key_needs_the_key(enforcing: Enforcing) -> None:
    """S3 uses the key of an object for the caller: to write it, and to read it again."""
    key = enforcing.client("kms").create_key()["KeyMetadata"]["Arn"]
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    place = {"Bucket": "data", "Key": "sealed"}
    enforcing.client("s3").put_object(**place, Body=b"1", **encryption)
    s3 = enforcing.client("s3", enforcing.user("keyless", allow("s3:*")))
    calls: dict[str, tuple[Any, dict[str, Any]]] = {
        "kms:Decrypt": (s3.get_object, place),
        "kms:GenerateDataKey": (s3.put_object, place | encryption),
    }
    for action, (call, request) in calls.items():
        assert refusal(call, **request) == ("AccessDenied", denial(action, key, "user/keyless"))
    assert refusal(s3.create_multipart_upload, **place, **encryption)[0] == "AccessDenied"
    usable = allow("kms:Decrypt", "kms:GenerateDataKey", resource=key)
    s3 = enforcing.client("s3", enforcing.user("keyed", allow("s3:*"), usable))
    s3.put_object(**place, Body=b"2", **encryption)
    assert s3.get_object(**place)["Body"].read() == b"2"


def test_objects_of_a_bucket_with_a_key_need_the_key(enforcing: Enforcing) -> None:
    root, kms = enforcing.client("s3"), enforcing.client("kms")
    key = kms.create_key()["KeyMetadata"]["Arn"]
    root.create_bucket(Bucket="sealed")
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key.rpartition("/")[2]}
    root.put_bucket_encryption(
        Bucket="sealed",
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": default}]
        },
    )
    s3 = enforcing.client("s3", enforcing.user("unkeyed", allow("s3:*")))
    code, message = refusal(s3.put_object, Bucket="sealed", Key="a", Body=b"1")
    assert (code, message) == ("AccessDenied", denial("kms:GenerateDataKey", key, "user/unkeyed"))


def test_parts_of_an_upload_have_its_key(enforcing: Enforcing) -> None:
    """A policy that demands a key asks for it once, when the upload is created."""
    root = enforcing.client("s3")
    root.create_bucket(Bucket="strict")
    header = "s3:x-amz-server-side-encryption-aws-kms-key-id"
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::strict/*",
        "Condition": {"Null": {header: "true"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": statement})
    root.put_bucket_policy(Bucket="strict", Policy=policy)
    place = {"Bucket": "strict", "Key": "large"}
    assert refusal(root.create_multipart_upload, **place)[0] == "AccessDenied"
    key = enforcing.client("kms").create_key()["KeyMetadata"]["Arn"]
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": key}
    upload = place | {"UploadId": root.create_multipart_upload(**place, **encryption)["UploadId"]}
    tag = root.upload_part(**upload, PartNumber=1, Body=b"1")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": tag}]}
    root.complete_multipart_upload(**upload, MultipartUpload=parts)
    assert root.head_object(**place)["SSEKMSKeyId"] == key


def _training(name: str, **more: Any) -> dict[str, Any]:
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://data/in"}
    return {
        "TrainingJobName": name,
        "RoleArn": ROLE,
        "AlgorithmSpecification": {"TrainingImage": XGBOOST, "TrainingInputMode": "File"},
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        "OutputDataConfig": {"S3OutputPath": "s3://data/out"},
        "ResourceConfig": {
            "InstanceType": "ml.m5.large",
            "InstanceCount": 1,
            "VolumeSizeInGB": 1,
        },
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    } | more


def test_service_control_policy_requires_a_vpc_of_the_root_user_too(
    enforcing: Enforcing,
) -> None:
    code, message = refusal(
        enforcing.client("sagemaker").create_training_job, **_training("without-vpc")
    )
    assert code == "AccessDeniedException"
    assert message.endswith("with an explicit deny in a service control policy")


def test_passing_a_role_must_be_allowed(enforcing: Enforcing) -> None:
    only_lambda = {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    keys = enforcing.user(
        "trainer",
        allow("sagemaker:CreateTrainingJob"),
        allow("iam:PassRole", Condition=only_lambda),
    )
    code, message = refusal(
        enforcing.client("sagemaker", keys).create_training_job,
        **_training("without-role", VpcConfig=VPC),
    )
    assert (code, message) == (
        "AccessDeniedException",
        denial("iam:PassRole", ROLE, "user/trainer"),
    )


def test_role_that_sagemaker_cannot_assume_is_refused(enforcing: Enforcing) -> None:
    role = _assumable(enforcing, "untrusting", {"AWS": ACCOUNT}, allow("*"))
    code, message = refusal(
        enforcing.client("sagemaker").create_training_job,
        **_training("untrusted", VpcConfig=VPC, RoleArn=role),
    )
    assert code == "ValidationException"
    assert message.startswith(f"Could not assume role {role}.")


def test_job_whose_execution_role_cannot_read_its_input_fails(enforcing: Enforcing) -> None:
    name = "cannot-read"
    enforcing.client("sagemaker").create_training_job(**_training(name, VpcConfig=VPC))
    reason = enforcing.jobs().failure("Training", name)
    assert reason.startswith("ClientError")
    assert (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/prodml/SageMaker is not authorized to perform: "
        's3:GetObject on resource: "arn:aws:s3:::data/in/a.csv" because no identity-based policy '
        "allows the s3:GetObject action"
    ) in reason


SAGEMAKER = {"Service": "sagemaker.amazonaws.com"}


def test_simulation_is_the_same_decision(enforcing: Enforcing) -> None:
    iam = enforcing.client("iam")
    enforcing.user("simulated", allow("s3:GetObject", resource="arn:aws:s3:::data/*"))
    results = iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/simulated",
        ActionNames=["s3:GetObject", "sagemaker:CreateTrainingJob"],
        ResourceArns=["arn:aws:s3:::data/a"],
    )["EvaluationResults"]
    assert [result["EvalDecision"] for result in results] == ["allowed", "explicitDeny"]
    code, _ = refusal(
        iam.simulate_principal_policy,
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:role/unknown",
        ActionNames=["s3:GetObject"],
    )
    assert code == "NoSuchEntity"


CALLER = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"


def test_job_acts_and_calls_as_its_execution_role(enforcing: Enforcing) -> None:
    upload = allow("s3:PutObject", resource="arn:aws:s3:::data/models/*")
    role = _assumable(enforcing, "worker", SAGEMAKER, upload, allow("logs:*"))
    jobs, name = enforcing.jobs(), "calls-itself"
    jobs.run(name, CALLER, RoleArn=role, VpcConfig=VPC)
    job = jobs.ended("Training", name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    said = f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/SageMaker"
    assert said in jobs.lines("/aws/sagemaker/TrainingJobs", name)


def test_steps_of_a_pipeline_are_the_roles_calls(enforcing: Enforcing) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/steps"
    models = allow("sagemaker:CreateModel", "sagemaker:DescribeModel")
    _assumable(enforcing, "steps", SAGEMAKER, models, allow("iam:PassRole", resource=role))
    mine = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:pipeline/Mine"
    starts = allow("sagemaker:StartPipelineExecution", resource=mine)
    reads = ("sagemaker:DescribePipelineExecution", "sagemaker:ListPipelineExecutionSteps")
    user = enforcing.user("starter", starts, allow(*reads, resource=f"{mine}/execution/*"))
    root, client = enforcing.client("sagemaker"), enforcing.client("sagemaker", user)
    allowed, denied = model("Allowed"), processing("Denied", "pass")
    allowed["Arguments"]["ExecutionRoleArn"] = denied["Arguments"]["RoleArn"] = role
    request = {"PipelineDefinition": definition(allowed, denied), "RoleArn": role}
    code, _ = refusal(client.create_pipeline, PipelineName="Mine", **request)
    assert code == "AccessDeniedException"
    root.create_pipeline(PipelineName="Mine", **request)
    pipelines = Pipelines(replace(enforcing.jobs(), sagemaker=client), str)
    arn = pipelines.start("Mine")
    assert pipelines.status(arn) == "Failed"
    steps = pipelines.steps(arn)
    assert steps["Allowed"]["StepStatus"] == "Succeeded"
    assert steps["Denied"]["FailureReason"].startswith(
        "ClientError: Failed to invoke sagemaker:CreateProcessingJob. Error Details: User: "
        f"arn:aws:sts::{ACCOUNT}:assumed-role/steps/SageMaker is not authorized to perform: "
        "sagemaker:CreateProcessingJob on resource: "
    )


def test_job_whose_role_may_not_write_logs_runs_without_them(enforcing: Enforcing) -> None:
    role = _assumable(enforcing, "silent", SAGEMAKER, allow("s3:PutObject"))
    jobs, name = enforcing.jobs(), "says-nothing"
    jobs.run(name, "print('said')", RoleArn=role, VpcConfig=VPC)
    assert jobs.ended("Training", name)["TrainingJobStatus"] == "Completed"
    assert jobs.lines("/aws/sagemaker/TrainingJobs", name) == []


def test_job_whose_role_may_not_pull_its_image_fails(enforcing: Enforcing) -> None:
    role = _assumable(enforcing, "pulls-nothing", SAGEMAKER, allow("logs:*", "ecr:Get*"))
    image = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/template:latest"
    algorithm = {"TrainingImage": image, "TrainingInputMode": "File"}
    request = _training("no-image", VpcConfig=VPC, RoleArn=role, AlgorithmSpecification=algorithm)
    enforcing.client("sagemaker").create_training_job(**request)
    assert (
        enforcing.jobs()
        .failure("Training", "no-image")
        .startswith(
            f"ClientError: The role '{role}' does not have BatchGetImage permission for the image: "
            f"'{image}'."
        )
    )


def _calls(server: Server) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{server.url}/_local/iam/calls") as response:
        calls: list[dict[str, Any]] = json.load(response)["calls"]
    return calls


def test_calls_are_listed_by_principal(enforcing: Enforcing) -> None:
    keys = enforcing.user("recorded", allow("sagemaker:ListEndpoints"))
    sagemaker = enforcing.client("sagemaker", keys)
    for _ in range(2):
        sagemaker.list_endpoints()
    refusal(sagemaker.describe_endpoint, EndpointName="a")
    user = f"arn:aws:iam::{ACCOUNT}:user/recorded"
    mine = [call for call in _calls(enforcing.server) if call["principal"] == user]
    assert [(c["action"], c["resource"], c["count"], c["denied"]) for c in mine] == [
        ("sagemaker:DescribeEndpoint", ENDPOINT, 1, 1),
        ("sagemaker:ListEndpoints", "*", 2, 0),
    ]


def test_recording_denies_nothing_and_knows_roles_and_unknown_keys(tmp_path: Path) -> None:
    with running_server(tmp_path, iam="record") as server:
        server.client("sagemaker").list_endpoints()
        sts = server.client("sts")
        issued = sts.assume_role(RoleArn=ROLE, RoleSessionName="run")["Credentials"]
        session = boto3.client(
            "logs",
            endpoint_url=server.url,
            region_name=REGION,
            **_keys(issued["AccessKeyId"], "whatever", issued["SessionToken"]),
        )
        session.describe_log_groups()
        calls = {(call["principal"], call["action"]) for call in _calls(server)}
        request = urllib.request.Request(f"{server.url}/_local/iam/calls", method="DELETE")
        urllib.request.urlopen(request).close()
        assert _calls(server) == []
    root = f"arn:aws:iam::{ACCOUNT}:root"
    expected = {(root, "sagemaker:ListEndpoints"), (ROLE, "logs:DescribeLogGroups")}
    assert calls >= expected


@pytest.mark.parametrize("arn", ["arn:x", "arn:aws:sagemaker", "x"])
def test_what_is_not_an_arn_gets_a_modelled_error(enforcing: Enforcing, arn: str) -> None:
    user = enforcing.user(f"tagger-{len(arn)}", allow("sagemaker:*"))
    code, _ = refusal(
        enforcing.client("sagemaker", user).add_tags,
        ResourceArn=arn,
        Tags=[{"Key": "a", "Value": "b"}],
    )
    assert code == "ValidationException"


def test_an_api_is_created_by_policy_called_by_anyone_and_invokes_as_its_role(
    enforcing: Enforcing,
) -> None:
    reader = enforcing.user("api-reader", allow("apigateway:GET"))
    client = enforcing.client("apigateway", reader)
    assert client.get_rest_apis()["items"] == []
    collection = f"arn:aws:apigateway:{REGION}::/restapis"
    expected = denial("apigateway:POST", collection, "user/api-reader")
    assert expected in refusal(client.create_rest_api, name="a")[1]
    trust = {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}}
    document = {"Version": "2012-10-17", "Statement": [trust | {"Action": "sts:AssumeRole"}]}
    role = enforcing.client("iam").create_role(
        RoleName="powerless-api", AssumeRolePolicyDocument=json.dumps(document)
    )["Role"]["Arn"]
    root = enforcing.client("apigateway")
    api = root.create_rest_api(name="a")
    place = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "POST"}
    root.put_method(**place, authorizationType="NONE")
    uri = f"arn:aws:apigateway:{REGION}:runtime.sagemaker:path/endpoints/a/invocations"
    root.put_integration(
        **place, type="AWS", integrationHttpMethod="POST", uri=uri, credentials=role
    )
    root.put_method_response(**place, statusCode="200")
    root.put_integration_response(**place, statusCode="200")
    root.create_deployment(restApiId=api["id"], stageName="live")
    url = f"{enforcing.server.url}/_aws/execute-api/{api['id']}/live"
    with urllib.request.urlopen(url, data=b"{}") as response:
        answer = json.load(response)["Message"]
    assert "is not authorized to perform: sagemaker:InvokeEndpoint" in answer
    assert ENDPOINT in answer
