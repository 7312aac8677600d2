"""Security group rules as AWS describes them: each by itself, and grouped into permissions."""

from __future__ import annotations

from typing import Any

from .find import tag_list


def view(rule: Any) -> dict[str, Any]:
    """A rule as DescribeSecurityGroupRules answers it: ports that do not apply are -1."""
    source = rule.source_group
    return {
        "SecurityGroupRuleId": rule.id,
        "GroupId": rule.group_id,
        "GroupOwnerId": rule.owner_id,
        "IsEgress": rule.is_egress,
        "IpProtocol": rule.ip_protocol,
        "FromPort": -1 if rule.from_port is None else rule.from_port,
        "ToPort": -1 if rule.to_port is None else rule.to_port,
        "CidrIpv4": rule.cidr_ipv4,
        "CidrIpv6": rule.cidr_ipv6,
        "PrefixListId": rule.prefix_list_id,
        "ReferencedGroupInfo": reference(rule) if source else None,
        "Description": rule.description,
        "Tags": tag_list(rule),
        "SecurityGroupRuleArn": f"arn:aws:ec2:{rule.ec2_backend.region_name}:{rule.owner_id}:security-group-rule/{rule.id}",
    }


def reference(rule: Any) -> dict[str, Any]:
    """The group a rule refers to; of one in a peered VPC, AWS says which peering and how it is."""
    source = rule.source_group
    named = {"GroupId": source["GroupId"], "UserId": source["UserId"]}
    if "VpcId" not in source:
        return named
    peering = rule.ec2_backend.vpc_pcxs.get(source["VpcPeeringConnectionId"])
    status = peering._status.code if peering is not None else "deleted"
    return {**named, "VpcId": source["VpcId"], "VpcPeeringConnectionId": source["VpcPeeringConnectionId"], "PeeringStatus": status}


def permissions(rules: list[Any]) -> list[dict[str, Any]]:
    """Rules as DescribeSecurityGroups answers them: those of one protocol and port range together."""
    views: dict[tuple[Any, ...], dict[str, Any]] = {}
    for rule in rules:
        key = (rule.ip_protocol, rule.from_port, rule.to_port)
        seen = views.get(key)
        if seen is None:
            lists: dict[str, Any] = {"UserIdGroupPairs": [], "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": []}
            seen = views[key] = {"IpProtocol": rule.ip_protocol, "FromPort": rule.from_port, "ToPort": rule.to_port, **lists}
        text = {"Description": rule.description} if rule.description else {}
        if rule.cidr_ipv4:
            seen["IpRanges"].append({"CidrIp": rule.cidr_ipv4, **text})
        elif rule.cidr_ipv6:
            seen["Ipv6Ranges"].append({"CidrIpv6": rule.cidr_ipv6, **text})
        elif rule.source_group:
            seen["UserIdGroupPairs"].append({**reference(rule), **text})
        elif rule.prefix_list_id:
            seen["PrefixListIds"].append({"PrefixListId": rule.prefix_list_id, **text})
    return list(views.values())


def revoked(rule: Any) -> dict[str, Any]:
    """A rule as the call that took it away answers it."""
    seen = {name: value for name, value in view(rule).items() if name not in ("GroupOwnerId", "ReferencedGroupInfo", "SecurityGroupRuleArn", "Tags")}
    return {**seen, "ReferencedGroupId": rule.source_group.get("GroupId")}
