"""Subnets, security groups and VPC endpoints, right and wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from prodml.company_rules import CompanyRules
from prodml.preflight.network import SERVICES, check_network

from tests.plugins.prodml.preflight.conftest import Checked


@dataclass
class Network:
    """A VPC with one subnet and its default security group."""

    ec2: Any
    vpc: str
    subnet: str
    group: str

    def rules(self) -> CompanyRules:
        return CompanyRules(subnets=(self.subnet,), security_groups=(self.group,))

    def add_endpoints(self) -> None:
        for service in SERVICES:
            kind = {"VpcEndpointType": "Gateway" if service == "s3" else "Interface"}
            name = f"com.amazonaws.us-east-1.{service}"
            self.ec2.create_vpc_endpoint(VpcId=self.vpc, ServiceName=name, **kind)

    def add_default_route(self) -> None:
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        by_network = [{"Name": "vpc-id", "Values": [self.vpc]}]
        (table,) = self.ec2.describe_route_tables(Filters=by_network)["RouteTables"]
        self.ec2.create_route(
            RouteTableId=table["RouteTableId"],
            DestinationCidrBlock="0.0.0.0/0",
            GatewayId=gateway,
        )


def _network(ec2: Any) -> Network:
    vpc = ec2.create_vpc(CidrBlock="10.3.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.3.0.0/24")["Subnet"]["SubnetId"]
    by_network = [{"Name": "vpc-id", "Values": [vpc]}]
    (group,) = ec2.describe_security_groups(Filters=by_network)["SecurityGroups"]
    return Network(ec2, vpc, subnet, group["GroupId"])


@pytest.fixture
def network(server: Any) -> Network:
    return _network(server.client("ec2"))


def test_no_network_is_needed(checked: Checked) -> None:
    assert checked(check_network)["network"][0] == "OK"


def test_network_with_endpoints(checked: Checked, network: Network) -> None:
    network.add_endpoints()
    assert checked(check_network, rules=network.rules()) == {
        "subnets": ("OK", f"1 in {network.vpc}"),
        "security groups": ("OK", network.group),
        "VPC endpoints": ("OK", "9 services"),
    }


def test_network_without_a_way_out(checked: Checked, network: Network) -> None:
    state, value = checked(check_network, rules=network.rules())["VPC endpoints"]
    assert state == "WRONG"
    assert value.startswith(f"{network.vpc} has none for s3, sagemaker.api")


def test_network_with_a_default_route(checked: Checked, network: Network) -> None:
    network.add_default_route()
    state, value = checked(check_network, rules=network.rules())["VPC endpoints"]
    assert (state, value[:28]) == ("OK", "a default route serves s3, s")


def test_missing_subnets_and_groups(checked: Checked) -> None:
    rules = CompanyRules(subnets=("subnet-0a1b2c3d",), security_groups=("sg-0a1b2c3d",))
    assert checked(check_network, rules=rules) == {
        "subnets": ("WRONG", "not all of subnet-0a1b2c3d exist"),
        "security groups": ("WRONG", "not all of sg-0a1b2c3d exist"),
    }


def test_two_networks(checked: Checked, network: Network) -> None:
    other = _network(network.ec2)
    subnets = (network.subnet, other.subnet)
    rules = CompanyRules(subnets=subnets, security_groups=(other.group,))
    lines = checked(check_network, rules=rules)
    assert lines["subnets"] == ("WRONG", "are in 2 VPCs")
    rules = CompanyRules(subnets=(network.subnet,), security_groups=(other.group,))
    lines = checked(check_network, rules=rules)
    assert lines["security groups"] == ("WRONG", "are in another VPC than the subnets")


def test_small_subnet(checked: Checked, network: Network) -> None:
    small = network.ec2.create_subnet(VpcId=network.vpc, CidrBlock="10.3.1.0/28")["Subnet"]
    taken = [{"SubnetId": small["SubnetId"]}] * 5
    for request in taken:
        network.ec2.create_network_interface(**request)
    rules = CompanyRules(subnets=(small["SubnetId"],), security_groups=(network.group,))
    state, value = checked(check_network, rules=rules)["subnets"]
    assert (state, value) == ("WRONG", f"{small['SubnetId']}: fewer than 8 addresses")
