"""Lambda's functions in a VPC, which moto runs in containers alone. The gate sends the whole service here.

Known are functions of Node.js whose code comes with CreateFunction, in one VPC, invoked for an answer. Role, trust and the role's rights to interfaces
are asked always. A function is `Pending` for `functionSeconds`; functions of one subnet and the same groups share an interface, which stays for
`functionInterfaceSeconds` after the last of them. function_run.py runs its code.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from botocore.validate import ParamValidator
from moto.core.utils import get_service_model
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from . import addresses, clock, config, function_run, s3_replication
from .accounts import Principal
from .calls import Call, read_body
from .errors import GateError, Response
from .policy import Ask

_KNOWN = {"FunctionName", "Role", "Runtime", "Handler", "Code", "VpcConfig", "Timeout", "MemorySize", "Description"}
_RUNTIMES = ("nodejs22.x", "nodejs24.x")
_NAME = re.compile(r"^[a-zA-Z0-9-_]{1,64}$")
_MOST_SUBNETS, _MOST_GROUPS, _PAGE, _MOST_ITEMS = 16, 5, 50, 10_000
_SERVICE = "lambda.amazonaws.com"


@dataclass
class Function:
    """One function of an account and region."""

    account: str
    region: str
    name: str
    wanted: dict[str, Any]
    files: dict[str, str]
    nics: list[Any]
    made: datetime.datetime

    @property
    def arn(self) -> str:
        return f"arn:aws:lambda:{self.region}:{self.account}:function:{self.name}"

    @property
    def state(self) -> str:
        return "Pending" if clock.now() < self.made + datetime.timedelta(seconds=config.get("functionSeconds")) else "Active"

    def view(self) -> dict[str, Any]:
        given = {name: self.wanted[name] for name in ("Role", "Runtime", "Handler", "Description") if name in self.wanted}
        pending = {"StateReason": "The function is being created.", "StateReasonCode": "Creating"} if self.state == "Pending" else {}
        return {
            "FunctionName": self.name,
            "FunctionArn": self.arn,
            **given,
            "Timeout": self.wanted.get("Timeout", 3),
            "MemorySize": self.wanted.get("MemorySize", 128),
            "VpcConfig": {**self.wanted["VpcConfig"], "VpcId": self.nics[0].vpc_id},
            "Version": "$LATEST",
            "LastModified": f"{self.made.isoformat(timespec='milliseconds')}+0000",
            "State": self.state,
            **pending,
        }


_functions: dict[tuple[str, str, str], Function] = {}
# Interfaces that no function has any more, by when they go.
_leaving: list[tuple[datetime.datetime, Any]] = []


def handle(call: Call, environ: dict[str, Any]) -> Response:
    """Answers one call."""
    action = _ACTIONS.get(call.action)
    if action is None:
        raise NotImplementedError(f"Lambda {call.action}")
    return action(call, environ)


def settle() -> None:
    """Takes the interfaces away whose time has come."""
    for due, nic in list(_leaving):
        if due <= clock.now():
            _leaving.remove((due, nic))
            nic.ec2_backend.enis.pop(nic.id, None)


def _bad(message: str) -> GateError:
    return GateError("InvalidParameterValueException", message)


def _json(status: int, data: Any) -> Response:
    return status, {"Content-Type": "application/json"}, json.dumps(data).encode()


def _create(call: Call, environ: dict[str, Any]) -> Response:
    wanted = json.loads(read_body(environ) or b"{}")
    report = ParamValidator().validate({**wanted, "Code": {}}, get_service_model("lambda").operation_model("CreateFunction").input_shape)
    if report.has_errors():
        raise GateError("ValidationException", report.generate_report())
    vpc, code = wanted.get("VpcConfig") or {}, wanted["Code"]
    if set(wanted) - _KNOWN or set(code) != {"ZipFile"} or set(vpc) != {"SubnetIds", "SecurityGroupIds"}:
        raise NotImplementedError(f"a function of {sorted(wanted)} with code of {sorted(code)} in {sorted(vpc)}")
    name = wanted["FunctionName"]
    if not _NAME.match(name):
        raise GateError("ValidationException", f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint")
    if wanted.get("Runtime") not in _RUNTIMES:
        raise NotImplementedError(f"the runtime {wanted.get('Runtime')}")
    if not 1 <= wanted.get("Timeout", 3) <= 900 or not 128 <= wanted.get("MemorySize", 128) <= 10_240:
        raise GateError("ValidationException", "Timeout is from 1 to 900 seconds, MemorySize from 128 to 10240 MB.")
    if (call.account, call.region, name) in _functions:
        raise GateError("ResourceConflictException", f"Function already exist: {name}", 409)
    try:
        files = function_run.unzip(base64.b64decode(code["ZipFile"], validate=True))
    except (ValueError, binascii.Error):
        raise _bad("Could not unzip uploaded file. Please check your file, then try to upload again.") from None
    subnets, groups = _network(call, vpc)
    _check_role(call, wanted["Role"], subnets, groups)
    nics = [_interface(call, name, subnet, groups) for subnet in subnets]
    found = Function(call.account, call.region, name, wanted, files, nics, clock.now())
    _functions[(call.account, call.region, name)] = found
    return _json(201, found.view())


def _network(call: Call, vpc: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    backend = ec2_backends[call.account][call.region]
    if not 1 <= len(vpc["SubnetIds"]) <= _MOST_SUBNETS or not 1 <= len(vpc["SecurityGroupIds"]) <= _MOST_GROUPS:
        raise _bad(f"A function in a VPC has 1 to {_MOST_SUBNETS} subnets and 1 to {_MOST_GROUPS} security groups.")
    try:
        subnets = [backend.get_subnet(subnet_id) for subnet_id in vpc["SubnetIds"]]
    except EC2ClientError:
        raise _bad("Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound.") from None
    groups = [backend.get_security_group_from_id(group_id) for group_id in vpc["SecurityGroupIds"]]
    if None in groups:
        raise _bad("Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound.")
    if len({item.vpc_id for item in (*subnets, *groups)}) != 1:
        raise _bad("Subnets and security groups of a function are of one VPC.")
    # https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html: not one of dedicated tenancy.
    if backend.vpcs[subnets[0].vpc_id].instance_tenancy == "dedicated":
        raise _bad("Lambda does not support VPCs with dedicated tenancy.")
    return subnets, groups


def _check_role(call: Call, arn: str, subnets: list[Any], groups: list[Any]) -> None:
    """Lambda takes the role on, and sees whether it may do what interfaces take."""
    role = next((role for role in iam_backends[call.account]["aws"].roles.values() if role.arn == arn), None)
    if role is None or not s3_replication.trusts(role, _SERVICE, {"aws:SourceAccount": call.account}):
        raise _bad("The role defined for the function cannot be assumed by Lambda.")
    who = Principal("role", call.account, f"{role.arn}/lambda", role.id, role)
    place = f"arn:aws:ec2:{call.region}:{call.account}"
    nic = f"{place}:network-interface/*"
    parts = [nic, *(f"{place}:subnet/{subnet.id}" for subnet in subnets), *(f"{place}:security-group/{group.id}" for group in groups)]
    needs = {
        "CreateNetworkInterface": parts,
        "DescribeNetworkInterfaces": ["*"],
        "DescribeSubnets": ["*"],
        # AWS wants one interface, or all ids, of whatever they are.
        "DeleteNetworkInterface": [nic, f"{place}:any/*"],
        "AssignPrivateIpAddresses": [nic],
        "UnassignPrivateIpAddresses": [nic],
    }
    for action, resources in needs.items():
        for resource in resources:
            ask = Ask(f"ec2:{action}", resource, (who.arn, who.entity_arn), who.account, {"aws:RequestedRegion": call.region})
            if not s3_replication.own_word(who, ask):
                raise _bad(f"The provided execution role does not have permissions to call {action} on EC2")


def _interface(call: Call, name: str, subnet: Any, groups: list[Any]) -> Any:
    """That of the same subnet and groups, in use or on its way out, or another."""
    ids = sorted(group.id for group in groups)
    there = [*(nic for each in _functions.values() for nic in each.nics), *(nic for _, nic in _leaving)]
    for nic in there:
        if nic.subnet.id == subnet.id and sorted(group.id for group in nic.group_set) == ids:
            _leaving[:] = [item for item in _leaving if item[1] is not nic]
            return nic
    backend = ec2_backends[call.account][call.region]
    try:
        address = addresses.take(backend, subnet)
    except EC2ClientError:
        raise GateError("SubnetIPAddressLimitReachedException", "Lambda was not able to set up VPC access: a subnet has no available IP addresses.", 502) from None
    nic = backend.create_network_interface(subnet, address, group_ids=ids, description=f"AWS Lambda VPC ENI-{name}-{uuid.uuid4()}")
    nic.interface_type, nic.requester_managed = "lambda", True
    return nic


def _find(call: Call) -> Function:
    name = str(call.params.get("FunctionName") or "")
    found = _functions.get((call.account, call.region, name))
    if found is None:
        arn = f"arn:aws:lambda:{call.region}:{call.account}:function:{name}"
        raise GateError("ResourceNotFoundException", f"Function not found: {arn}", 404)
    return found


def _get(call: Call, _: dict[str, Any]) -> Response:
    return _json(200, {"Configuration": _find(call).view(), "Code": {"RepositoryType": "S3"}})


def _delete(call: Call, _: dict[str, Any]) -> Response:
    found = _find(call)
    _functions.pop((found.account, found.region, found.name))
    due = clock.now() + datetime.timedelta(seconds=config.get("functionInterfaceSeconds"))
    for nic in found.nics:
        if not any(nic in each.nics for each in _functions.values()):
            _leaving.append((due, nic))
    return 204, {}, b""


def _list(call: Call, environ: dict[str, Any]) -> Response:
    asked = {name: values[0] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    if set(asked) - {"Marker", "MaxItems"}:
        raise NotImplementedError(f"functions by {sorted(asked)}")
    most = int(asked.get("MaxItems", _PAGE))
    if not 1 <= most <= _MOST_ITEMS:
        raise _bad(f"MaxItems is from 1 to {_MOST_ITEMS}.")
    # AWS answers 50 at the most, whatever is asked for.
    most = min(most, _PAGE)
    mine = sorted((each for each in _functions.values() if (each.account, each.region) == (call.account, call.region)), key=lambda each: each.name)
    rest = [each for each in mine if each.name > asked.get("Marker", "")]
    page = rest[:most]
    # A list says no states.
    shown = [{name: value for name, value in each.view().items() if not name.startswith("State")} for each in page]
    return _json(200, {"Functions": shown, **({"NextMarker": page[-1].name} if len(rest) > most else {})})


def _invoke(call: Call, environ: dict[str, Any]) -> Response:
    found = _find(call)
    if environ.get("HTTP_X_AMZ_INVOCATION_TYPE", "RequestResponse") != "RequestResponse" or environ.get("QUERY_STRING"):
        raise NotImplementedError("invocations but for an answer, and versions of functions")
    if found.state != "Active":
        raise GateError("ResourceConflictException", f"The operation cannot be performed at this time. The function is currently in the following state: {found.state}", 409)
    try:
        event = json.loads(read_body(environ) or b"{}")
    except ValueError:
        raise GateError("InvalidRequestContentException", "Could not parse request body into json") from None
    # Which of its interfaces a function uses is AWS's to choose.
    error, answer = function_run.run(found.files, found.wanted["Handler"], event, found.nics[0], found.wanted.get("Timeout", 3))
    status, headers, body = _json(200, answer)
    return status, {**headers, "X-Amz-Executed-Version": "$LATEST", **({"X-Amz-Function-Error": "Unhandled"} if error else {})}, body


_ACTIONS = {"CreateFunction": _create, "GetFunction": _get, "DeleteFunction": _delete, "ListFunctions": _list, "Invoke": _invoke}
