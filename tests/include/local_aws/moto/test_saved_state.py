"""Identities and keys survive: moto is killed and restarted, or the whole server is."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3

from include.local_aws.testing import READY_TIMEOUT, REGION, Server, running_server
from tests.include.local_aws.moto.processes import moto_of

ACCOUNT = "000000000000"
READ_ONLY = "arn:aws:iam::aws:policy/AmazonSageMakerReadOnly"


def client(server: Server, service: str, keys: dict[str, str]) -> Any:
    return boto3.client(service, endpoint_url=server.url, region_name=REGION, **keys)


def root(data: Path) -> dict[str, str]:
    secret = (data / "root-secret").read_text()
    return {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": secret}


def kill_moto(server: Server) -> None:
    """Kill moto as a crash would, and wait until the server has started it again."""
    moto = moto_of(server)
    moto.kill()
    moto.wait()
    deadline = time.monotonic() + READY_TIMEOUT
    while not is_ready(server):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def is_ready(server: Server) -> bool:
    try:
        urllib.request.urlopen(f"{server.url}/_local/health").close()
    except urllib.error.HTTPError:
        return False
    return True


def session_of_new_role(server: Server, keys: dict[str, str]) -> dict[str, str]:
    """Create a user and a role with policies, and return keys of a session of the role."""
    iam = client(server, "iam", keys)
    iam.create_user(UserName="ann")
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    trust = {"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    iam.attach_role_policy(RoleName="reader", PolicyArn=READ_ONLY)
    allow = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role}
    policy = json.dumps({"Version": "2012-10-17", "Statement": allow})
    iam.put_user_policy(UserName="ann", PolicyName="assume", PolicyDocument=policy)
    user = {
        "aws_access_key_id": made["AccessKeyId"],
        "aws_secret_access_key": made["SecretAccessKey"],
    }
    sts = client(server, "sts", user)
    issued = sts.assume_role(RoleArn=role, RoleSessionName="run")["Credentials"]
    return {
        "aws_access_key_id": issued["AccessKeyId"],
        "aws_secret_access_key": issued["SecretAccessKey"],
        "aws_session_token": issued["SessionToken"],
    }


def test_identities_and_keys_survive_a_kill_of_moto_and_of_the_server(tmp_path: Path) -> None:
    with running_server(tmp_path, iam="enforce") as server:
        keys = root(tmp_path)
        session = session_of_new_role(server, keys)
        kms = client(server, "kms", keys)
        sealing = kms.create_key()["KeyMetadata"]["KeyId"]
        signing = kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]
        sealed = kms.encrypt(KeyId=sealing, Plaintext=b"1")["CiphertextBlob"]
        algorithm = {"KeyId": signing, "SigningAlgorithm": "RSASSA_PSS_SHA_256"}
        signature = kms.sign(**algorithm, Message=b"1")["Signature"]
        full = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
        client(server, "iam", keys).detach_role_policy(RoleName="prodml", PolicyArn=full)
        kill_moto(server)
        assert client(server, "sagemaker", session).list_endpoints()["Endpoints"] == []
        server.kill()
    with running_server(tmp_path, iam="enforce") as server:
        assert client(server, "sagemaker", session).list_endpoints()["Endpoints"] == []
        iam, kms = client(server, "iam", keys), client(server, "kms", keys)
        (attached,) = iam.list_attached_role_policies(RoleName="reader")["AttachedPolicies"]
        assert attached["PolicyArn"] == READ_ONLY
        assert iam.list_attached_role_policies(RoleName="prodml")["AttachedPolicies"] == []
        assert kms.decrypt(CiphertextBlob=sealed)["Plaintext"] == b"1"
        assert kms.verify(**algorithm, Message=b"1", Signature=signature)["SignatureValid"]
        iam.detach_role_policy(RoleName="reader", PolicyArn=READ_ONLY)
        iam.delete_role(RoleName="reader")
