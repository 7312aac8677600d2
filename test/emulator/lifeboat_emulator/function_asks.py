"""What IAM is asked by calls to Lambda.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.ec2.models import ec2_backends

from .accounts import Principal
from .calls import Call, read_body
from .policy import Ask


def function_asks(principal: Principal, call: Call, environ: dict[str, Any]) -> list[Ask]:
    action = {"Invoke": "lambda:InvokeFunction"}.get(call.action, f"lambda:{call.action}")
    body = json.loads(read_body(environ) or b"{}") if call.action == "CreateFunction" else {}
    name = body.get("FunctionName") or call.params.get("FunctionName")
    if not name:
        return [Ask(action)]
    arn = f"arn:aws:lambda:{call.region}:{principal.account}:function:{name}"
    vpc, role = body.get("VpcConfig"), body.get("Role")
    asks = [Ask(action, arn, context=_vpc_context(principal, call, vpc) if vpc else {})]
    # Whoever makes a function hands it its role.
    if role:
        asks.append(Ask("iam:PassRole", role, context={"iam:PassedToService": "lambda.amazonaws.com"}))
    # And Lambda looks at the network by the rights of whoever asks: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    if vpc:
        asks += [Ask(f"ec2:Describe{what}") for what in ("SecurityGroups", "Subnets", "Vpcs")]
    return asks


def _vpc_context(principal: Principal, call: Call, vpc: dict[str, Any]) -> dict[str, Any]:
    known = {subnet.id: subnet.vpc_id for zone in ec2_backends[principal.account][call.region].subnets.values() for subnet in zone.values()}
    subnets, groups = vpc.get("SubnetIds") or [], vpc.get("SecurityGroupIds") or []
    vpcs = sorted({known[each] for each in subnets if each in known})
    given = {"lambda:SubnetIds": subnets, "lambda:SecurityGroupIds": groups, "lambda:VpcIds": vpcs}
    return {key: value for key, value in given.items() if value}
