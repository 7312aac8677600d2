"""As much of AWS's command line as our advice is made of, so that what we print can be run against the emulator.

aws SERVICE [wait] OPERATION --flag [value] …, with --region, --query and --output text.
"""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any

import botocore.session
import jmespath
from botocore import xform_name


def flags_of(words: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    name = ""
    for word in words:
        if word.startswith("--"):
            name = word[2:]
            found[name] = []
        else:
            found[name].append(word)
    return found


def value_of(words: list[str], shape: Any) -> Any:
    if shape.type_name == "boolean":
        return True
    if shape.type_name == "structure":
        return json.loads(words[0])
    if shape.type_name == "list" and shape.member.type_name == "structure":
        if words[0].startswith("["):
            return json.loads(words[0])
        return [dict(part.split("=", 1) for part in word.split(",")) for word in words]
    if shape.type_name == "list":
        return words
    if words[0].startswith("file://"):
        with open(words[0][7:], encoding="utf8") as file:
            return file.read()
    return int(words[0]) if shape.type_name in ("integer", "long") else words[0]


def main(argv: list[str]) -> None:
    # An empty name of a profile means none to the SDK for JavaScript, and one of no name to this one.
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
    service, operation, *rest = argv
    if service == "s3control":
        # It puts the account before the host, which loopback has no such name of: the emulator is the proxy for it.
        os.environ["NO_PROXY"] = os.environ["no_proxy"] = ""
    waits = operation == "wait"
    if waits:
        operation, *rest = rest
    flags = flags_of(rest)
    (region,), query = flags.pop("region"), flags.pop("query", None)
    flags.pop("output", None)
    client = botocore.session.get_session().create_client(service, region_name=region, endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    method = operation.replace("-", "_")
    waiter = client.get_waiter(method) if waits else None
    api = waiter.config.operation if waiter else client.meta.method_to_api_mapping[method]
    members = client.meta.service_model.operation_model(api).input_shape.members
    by_flag = {xform_name(name, "-"): name for name in members}
    unknown = [name for name in flags if name not in by_flag]
    if unknown:
        sys.exit(f"aws: {operation} takes no --{', --'.join(unknown)}")
    parameters = {by_flag[name]: value_of(words, members[by_flag[name]]) for name, words in flags.items()}
    if waiter:
        waiter.config.delay = 1
        waiter.wait(**parameters)
        return
    answer = getattr(client, method)(**parameters)
    answer.pop("ResponseMetadata", None)
    print(jmespath.search(query[0], answer) if query else re.sub(r"\s+", " ", json.dumps(answer, default=str)))


main(sys.argv[1:])
