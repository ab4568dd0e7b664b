"""What policy_sentry and parliament make of IAM policies: reads a list of documents, writes a list of complaints."""

import json
import sys

import parliament
from policy_sentry.querying.actions import get_action_data

# The databases differ in age: an action counts as known when one of them has it.
policies = json.load(sys.stdin)
complaints = []
for name, policy in policies.items():
    for statement in policy["Statement"]:
        for action in statement["Action"]:
            service, operation = action.split(":")
            rows = get_action_data(service, operation)
            if not rows:
                complaints.append(f"{name}: {action} is unknown")
                continue
            formats = {row["resource_arn_format"] for row in rows[service]}
            resources = statement["Resource"]
            for resource in [resources] if isinstance(resources, str) else resources:
                if resource == "*":
                    continue
                kinds = [f.split(":")[2] + ":" + f.split(":", 5)[5].split("$")[0] for f in formats if f != "*"]
                kind = resource.split(":")[2] + ":" + resource.split(":", 5)[5]
                if not any(kind.startswith(one) for one in kinds):
                    complaints.append(f"{name}: {action} has no resource like {resource}")
    for finding in parliament.analyze_policy_string(json.dumps(policy)).findings:
        complaints.append(f"{name}: {finding.issue} {finding.detail}")
print(json.dumps(complaints))
