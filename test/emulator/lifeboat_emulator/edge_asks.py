"""What IAM is asked by calls of load balancing, scaling, topics, parameters and certificates.

By the Service Authorization Reference: resource ARNs, `aws:ResourceTag` of what is there, `aws:RequestTag` and `aws:TagKeys` of what
is given. https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html and its like.
"""

from __future__ import annotations

import re
from typing import Any, Callable

from moto.acm.models import acm_backends
from moto.autoscaling.models import autoscaling_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from moto.iam.models import iam_backends
from moto.sns.models import sns_backends
from moto.ssm.models import ssm_backends

from .accounts import Principal
from .calls import Call
from .policy import Ask

Asker = Callable[[Principal, Call], list[Ask]]


def tag_context(given: dict[str, str] | None, there: dict[str, str] | None = None, keys: list[str] | None = None) -> dict[str, Any]:
    """The condition keys of tags: those given with a call, those an object has, and keys to be taken away."""
    context: dict[str, Any] = {f"aws:ResourceTag/{key}": value for key, value in (there or {}).items()}
    context |= {f"aws:RequestTag/{key}": value for key, value in (given or {}).items()}
    if given or keys:
        context["aws:TagKeys"] = [*(given or {}), *(keys or [])]
    return context


def form_tags(params: dict[str, Any]) -> dict[str, str]:
    """The tags of a query protocol's call."""
    heads = [name[: -len(".Key")] for name in params if re.match(r"^Tags\.member\.\d+\.Key$", name)]
    return {str(params[f"{head}.Key"]): str(params.get(f"{head}.Value", "")) for head in heads}


def form_list(params: dict[str, Any], name: str) -> list[str]:
    return [str(value) for key, value in params.items() if re.match(rf"^{name}\.member\.\d+$", key)]


_BALANCERS = {"application": "app", "network": "net", "gateway": "gwy"}
_MADE = {"CreateListener": ("LoadBalancerArn", ":loadbalancer/", ":listener/"), "CreateRule": ("ListenerArn", ":listener/", ":listener-rule/")}
_LINKED = "aws-service-role/elasticloadbalancing.amazonaws.com/AWSServiceRoleForElasticLoadBalancing"


def _load_balancing(principal: Principal, call: Call) -> list[Ask]:
    action, params = f"elasticloadbalancing:{call.action}", call.params
    backend = elbv2_backends[principal.account][call.region]
    given, keys = form_tags(params), form_list(params, "TagKeys")
    home = f"arn:aws:elasticloadbalancing:{call.region}:{principal.account}"

    def there(arn: str) -> dict[str, str]:
        return backend.tagging_service.get_tag_dict_for_resource(arn)

    def tagging(arn: str) -> list[Ask]:
        """Tags of what is being made are a call of their own."""
        context = {**tag_context(given), "elasticloadbalancing:CreateAction": call.action}
        return [Ask("elasticloadbalancing:AddTags", arn, context=context)] if given else []

    if call.action == "CreateTargetGroup":
        arn = f"{home}:targetgroup/{params.get('Name')}/*"
        return [Ask(action, arn, context=tag_context(given)), *tagging(arn)]
    if call.action == "CreateLoadBalancer":
        arn = f"{home}:loadbalancer/{_BALANCERS.get(str(params.get('Type') or 'application'))}/{params.get('Name')}/*"
        return [Ask(action, arn, context=tag_context(given)), *tagging(arn), *_linked_role(principal)]
    if call.action in _MADE:
        # What it is made on is what IAM is asked about.
        parameter, of, made = _MADE[call.action]
        arn = str(params.get(parameter))
        return [Ask(action, arn, context=tag_context(given, there(arn))), *tagging(f"{arn.replace(of, made)}/*")]
    # Describe actions know no resources.
    if call.action.startswith("Describe"):
        return [Ask(action)]
    named = [params[name] for name in ("LoadBalancerArn", "ListenerArn", "RuleArn", "TargetGroupArn") if params.get(name)]
    ordered = [value for name, value in params.items() if re.match(r"^RulePriorities\.member\.\d+\.RuleArn$", name)]
    arns = [str(arn) for arn in (*named, *ordered, *form_list(params, "ResourceArns"))]
    return [Ask(action, arn, context=tag_context(given, there(arn), keys)) for arn in arns] or [Ask(action)]


def _linked_role(principal: Principal) -> list[Ask]:
    """Where the account has never had a load balancer, AWS makes the service's role in the caller's name."""
    if any(role.name == _LINKED.rsplit("/", 1)[-1] for role in iam_backends[principal.account]["aws"].roles.values()):
        return []
    context = {"iam:AWSServiceName": "elasticloadbalancing.amazonaws.com"}
    return [Ask("iam:CreateServiceLinkedRole", f"arn:aws:iam::{principal.account}:role/{_LINKED}", context=context)]


def _topics(principal: Principal, call: Call) -> list[Ask]:
    action, params = f"sns:{call.action}", call.params
    given, keys = form_tags(params), form_list(params, "TagKeys")
    if call.action == "CreateTopic":
        arn = f"arn:aws:sns:{call.region}:{principal.account}:{params.get('Name')}"
        there = _topic_tags(principal, call, arn)
        asks = [Ask(action, arn, context=tag_context(given, there))]
        return [*asks, Ask("sns:TagResource", arn, context=tag_context(given, there))] if given else asks
    arn = params.get("TopicArn") or params.get("ResourceArn") or params.get("SubscriptionArn")
    return [Ask(action, str(arn), context=tag_context(given, _topic_tags(principal, call, str(arn)), keys))] if arn else [Ask(action)]


def _topic_tags(principal: Principal, call: Call, arn: str) -> dict[str, str]:
    topic = sns_backends[principal.account][call.region].topics.get(arn)
    return topic._tags if topic is not None else {}


def _parameters(principal: Principal, call: Call) -> list[Ask]:
    """Of Systems Manager only what is about parameters, by their names."""
    action, params = f"ssm:{call.action}", call.params
    given = {str(tag.get("Key")): str(tag.get("Value") or "") for tag in params.get("Tags") or []}
    keys = [str(key) for key in params.get("TagKeys") or []]
    resource_id = params.get("ResourceId") if params.get("ResourceType") == "Parameter" else None
    names = params.get("Names") or [name for name in (params.get("Name"), resource_id) if name]
    backend, asks = ssm_backends[principal.account][call.region], []
    for name in names:
        arn = f"arn:aws:ssm:{call.region}:{principal.account}:parameter/{str(name).lstrip('/')}"
        there = dict(backend._resource_tags["Parameter"].get(name, {}))
        asks.append(Ask(action, arn, context=tag_context(given, there, keys)))
        if call.action == "PutParameter" and given:
            asks.append(Ask("ssm:AddTagsToResource", arn, context=tag_context(given, there)))
    return asks or [Ask(action)]


def _certificates(principal: Principal, call: Call) -> list[Ask]:
    action, params = f"acm:{call.action}", call.params
    tags = [tag for tag in params.get("Tags") or [] if isinstance(tag, dict)]
    given = {str(tag.get("Key")): str(tag.get("Value") or "") for tag in tags}
    if call.action == "RequestCertificate":
        arn = f"arn:aws:acm:{call.region}:{principal.account}:certificate/*"
        asks = [Ask(action, arn, context=tag_context(given))]
        return [*asks, Ask("acm:AddTagsToCertificate", arn, context=tag_context(given))] if given else asks
    arn = params.get("CertificateArn")
    bundle = acm_backends[principal.account][call.region]._certificates.get(arn)
    there = {key: value or "" for key, value in (bundle.tags if bundle is not None else {}).items()}
    # Tags are taken away by key and value, and IAM is asked for the keys.
    taken = call.action == "RemoveTagsFromCertificate"
    context = tag_context({} if taken else given, there, list(given) if taken else None)
    return [Ask(action, str(arn), context=context)] if arn else [Ask(action)]


def _scaling(principal: Principal, call: Call) -> list[Ask]:
    """https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2autoscaling.html

    A group with a launch template asks for the launch of its machines too, and for the role of its profile:
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html
    """
    action, params = f"autoscaling:{call.action}", call.params
    if call.action.startswith("Describe"):
        return [Ask(action)]
    given = form_tags(params)
    by_tag = call.action in ("CreateOrUpdateTags", "DeleteTags")
    name = str(params.get("Tags.member.1.ResourceId") if by_tag else params.get("AutoScalingGroupName"))
    group = autoscaling_backends[principal.account][call.region].autoscaling_groups.get(name)
    there = {tag["key"] if "key" in tag else tag["Key"]: tag.get("value", tag.get("Value")) or "" for tag in (group.tags if group is not None else [])}
    context = tag_context({} if call.action == "DeleteTags" else given, there, list(given) if call.action == "DeleteTags" else None)
    arn = f"arn:aws:autoscaling:{call.region}:{principal.account}:autoScalingGroup:*:autoScalingGroupName/{name}"
    asks = [Ask(action, arn, context=context)]
    if call.action in ("CreateAutoScalingGroup", "UpdateAutoScalingGroup") and any("LaunchTemplate" in key for key in params):
        ec2 = f"arn:aws:ec2:{call.region}:{principal.account}"
        asks += [Ask("ec2:RunInstances", f"{ec2}:{kind}/*") for kind in ("instance", "network-interface", "volume")]
        asks += [Ask("iam:PassRole", role, context={"iam:PassedToService": "ec2.amazonaws.com"}) for role in _profile_roles(principal, call)]
    return asks


def _profile_roles(principal: Principal, call: Call) -> list[str]:
    """ARNs of the roles in the profiles that a group's templates name."""
    templates = ec2_backends[principal.account][call.region].launch_templates
    by_id = [str(value) for key, value in call.params.items() if key.endswith("LaunchTemplateId")]
    by_name = [str(value) for key, value in call.params.items() if key.endswith("LaunchTemplateName")]
    found = [template for template in templates.values() if template.id in by_id or template.name in by_name]
    profiles = [(version.data or {}).get("IamInstanceProfile") or {} for template in found for version in template.versions]
    wanted = {str(profile.get("Name") or str(profile.get("Arn") or "").rsplit("/", 1)[-1]) for profile in profiles if profile}
    instance_profiles = iam_backends[principal.account]["aws"].instance_profiles.values()
    return [role.arn for profile in instance_profiles if profile.name in wanted for role in profile.roles]


ASKERS: dict[str, Asker] = {"autoscaling": _scaling, "elasticloadbalancing": _load_balancing, "sns": _topics, "ssm": _parameters, "acm": _certificates}
