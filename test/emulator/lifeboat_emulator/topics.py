"""Topics as Amazon SNS has them: attributes that come back as they were set, a second CreateTopic, tags, pages.

Hooks: the calls of `SNSResponse`. https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html,
https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
"""

from __future__ import annotations

import json
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.sns.exceptions import SNSException, SNSNotFoundError
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse

from . import quotas, service_paging, service_tags
from .patching import replaces

_FEEDBACK = {f"{protocol}{what}" for protocol in ("HTTP", "Firehose", "Lambda", "Application", "SQS") for what in ("SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn")}
_SETTABLE = {"DeliveryPolicy", "DisplayName", "Policy", "TracingConfig", "KmsMasterKeyId", "SignatureVersion", *_FEEDBACK}
_OF_FIFO = {"ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy"}
# What moto keeps in fields of their own.
_FIELDS = {"DisplayName": "display_name", "Policy": "policy"}


def _refuse(message: str) -> SNSException:
    return SNSException("InvalidParameter", f"Invalid parameter: {message}")


def _check(name: str, value: str, fifo: bool) -> None:
    if name not in _SETTABLE and not (fifo and name in _OF_FIFO):
        raise _refuse(f"AttributeName {name}" if name not in _OF_FIFO else f"{name} Reason: it is for FIFO topics only")
    if name in ("Policy", "DeliveryPolicy") and value:
        try:
            document = json.loads(value)
        except ValueError:
            raise _refuse(f"{name} Error - null") from None
        if name == "Policy" and not document.get("Statement"):
            raise _refuse("Policy Error - null")
    allowed = {"TracingConfig": ("PassThrough", "Active"), "SignatureVersion": ("1", "2"), "FifoThroughputScope": ("Topic", "MessageGroup"), "ContentBasedDeduplication": ("true", "false")}
    if name in allowed and value not in allowed[name]:
        raise _refuse(f"{name} Reason: '{value}' is none of {', '.join(allowed[name])}")


def _own(topic: Any) -> dict[str, str]:
    """What was set on a topic and has no field in moto."""
    return topic.__dict__.setdefault("own_attributes", {})


def _set(topic: Any, name: str, value: str) -> None:
    if name in _FIELDS:
        setattr(topic, _FIELDS[name], value)
    else:
        _own(topic)[name] = value


@replaces(SNSResponse)
def create_topic(self: Any) -> ActionResult:
    name, given = self._get_param("Name"), dict(self._get_param("Attributes", {}))
    fifo = str(given.pop("FifoTopic", "false")).lower() == "true"
    tags = service_tags.check(self._get_param("Tags", []), _refuse)
    for attribute, value in given.items():
        _check(attribute, value, fifo)
    there = self.backend.topics.get(f"arn:aws:sns:{self.region}:{self.current_account}:{name}")
    if there is not None:
        if any(_view(there).get(attribute) != value for attribute, value in given.items()):
            raise _refuse("Attributes Reason: Topic already exists with different attributes")
        if tags and tags != there._tags:
            raise _refuse("Tags Reason: Topic already exists with different tags")
        return ActionResult({"TopicArn": there.arn})
    if len(self.backend.topics) >= quotas.limit(self.current_account, quotas.TOPICS):
        raise SNSException("TopicLimitExceeded", "Topic limit exceeded")
    topic = self.backend.create_topic(name, {"FifoTopic": True} if fifo else {}, tags)
    for attribute, value in given.items():
        _set(topic, attribute, value)
    return ActionResult({"TopicArn": topic.arn})


def _view(topic: Any) -> dict[str, Any]:
    view = {
        "Owner": topic.account_id,
        "Policy": topic.policy,
        "TopicArn": topic.arn,
        "DisplayName": topic.display_name,
        "SubscriptionsPending": str(topic.subscriptions_pending),
        "SubscriptionsConfirmed": str(topic.subscriptions_confimed),
        "SubscriptionsDeleted": str(topic.subscriptions_deleted),
        "EffectiveDeliveryPolicy": topic.effective_delivery_policy,
    }
    if topic.fifo_topic:
        view |= {"FifoTopic": "true", "ContentBasedDeduplication": "false"}
    # An attribute that was emptied is not there.
    return {**view, **{name: value for name, value in _own(topic).items() if value != ""}}


@replaces(SNSResponse)
def get_topic_attributes(self: Any) -> ActionResult:
    return ActionResult({"Attributes": _view(self.backend.get_topic(self._get_param("TopicArn")))})


@replaces(SNSResponse)
def set_topic_attributes(self: Any) -> ActionResult:
    topic = self.backend.get_topic(self._get_param("TopicArn"))
    name, value = self._get_param("AttributeName"), self._get_param("AttributeValue") or ""
    _check(name, value, topic.fifo_topic)
    _set(topic, name, value)
    return EmptyResult()


@replaces(SNSResponse)
def list_topics(self: Any) -> ActionResult:
    whole = [{"TopicArn": arn} for arn in self.backend.topics]
    return ActionResult(service_paging.page(self, "sns", "ListTopics", whole, _refuse))


@replaces(SNSBackend)
def tag_resource(self: Any, resource_arn: str, tags: dict[str, str]) -> None:
    topic = self.topics.get(resource_arn)
    if topic is None:
        raise SNSNotFoundError("Resource does not exist")
    checked = service_tags.check([{"Key": key, "Value": value} for key, value in tags.items()], _refuse)
    topic._tags = service_tags.merged(topic._tags, checked, lambda message: SNSException("TagLimitExceeded", message))
