"""Feature flags through posthog-node: what it evaluates itself, and what the server tells it."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests

from hedgerow.testing.server import HedgerowServer

PEOPLE = {
    f"user-{number}": {"plan": "pro" if number % 3 else "free", "seats": number % 10}
    for number in range(300)
}
VARIANTS = {
    "variants": [
        {"key": "blue", "rollout_percentage": 33.3},
        {"key": "red", "rollout_percentage": 66.7},
    ]
}


def condition(key: str, value: Any, type_: str = "person") -> dict[str, Any]:
    return {"key": key, "value": value, "operator": "exact", "type": type_}


PRO = {"properties": [condition("plan", ["pro"])], "rollout_percentage": 60}
EVERYONE = {"properties": [], "rollout_percentage": 100}
GOLD = {"properties": [condition("tier", "gold", "group")], "rollout_percentage": 100}
FLAGS: dict[str, dict[str, Any]] = {
    "boolean": {"groups": [{"properties": [], "rollout_percentage": 37}]},
    "conditions": {"groups": [PRO]},
    "multivariate": {
        "groups": [EVERYONE],
        "multivariate": VARIANTS,
        "payloads": {"blue": '{"color":"#00f"}', "red": '{"color":"#f00"}'},
    },
    "grouped": {"groups": [GOLD], "aggregation_group_type_index": 0, "payloads": {"true": "[1]"}},
}


@pytest.fixture(scope="module")
def answers(sdk_server: HedgerowServer, run_script: Callable[..., dict[str, Any]]) -> Any:
    """By `local` and `remote`, then by person: `featureFlags` and `featureFlagPayloads`."""
    headers = {"authorization": f"Bearer {sdk_server.personal_key}"}

    def post(path: str, body: Any) -> Any:
        response = requests.post(f"{sdk_server.url}{path}", json=body, headers=headers, timeout=10)
        assert response.ok, response.text
        return response.json()

    project = post("/api/projects/", {"name": "Flagged"})
    for key, filters in FLAGS.items():
        flag = {"key": key, "filters": filters}
        post(f"/api/projects/{project['id']}/feature_flags/", flag)
    group = {"$group_type": "company", "$group_key": "acme", "$group_set": {"tier": "gold"}}
    event = {"event": "$groupidentify", "distinct_id": "somebody", "properties": group}
    post("/i/v0/e/", {"api_key": project["api_token"], **event})
    sdk_server.wait_until_ingested()
    return run_script(
        "node_flags.mjs",
        HOST=sdk_server.url,
        TOKEN=project["api_token"],
        SECRET=sdk_server.personal_key,
        PEOPLE=json.dumps(PEOPLE),
        KEYS=json.dumps([key for key in FLAGS if key != "grouped"]),
        GROUP="acme",
    )


def test_the_sdk_itself_comes_to_what_the_server_says(answers: Any) -> None:
    assert answers["local"] == answers["remote"]
    assert len(answers["local"]) == len(PEOPLE) + 1


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("boolean", {True, False}),
        ("conditions", {True, False}),
        ("multivariate", {"blue", "red"}),
    ],
)
def test_people_get_every_value_of_a_flag(answers: Any, key: str, values: set[Any]) -> None:
    assert {answers["remote"][person]["featureFlags"][key] for person in PEOPLE} == values


def test_a_variant_brings_its_payload(answers: Any) -> None:
    colors = {"blue": {"color": "#00f"}, "red": {"color": "#f00"}}
    for person in PEOPLE:
        answer = answers["local"][person]
        variant = answer["featureFlags"]["multivariate"]
        assert answer["featureFlagPayloads"]["multivariate"] == colors[variant]


@pytest.mark.parametrize("where", ["local", "remote"])
def test_a_flag_of_groups_is_on_for_the_members_of_one(answers: Any, where: str) -> None:
    grouped = answers[where]["grouped"]

    assert grouped["featureFlags"]["grouped"] is True
    assert grouped["featureFlagPayloads"]["grouped"] == [1]
