"""The channel's rule in Python, and the same rule as the engine runs it."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hedgerow.core import json
from hedgerow.query.channel_type import (
    ORGANIC_OF_MEDIUM,
    ORGANIC_OF_SOURCE,
    PAID_MEDIUMS,
    Entry,
    channel_type,
    channel_type_sql,
)
from hedgerow.store.client import Client
from hedgerow.store.event_store import ChdbEventStore

_FIELDS = Entry.__slots__
_NO_SESSION_LIMITS = [HealthCheck.function_scoped_fixture]


def maybe(*values: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(("", "null", "NULL", *values))


def one_of(table: Any) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(table))


entries = st.builds(
    Entry,
    utm_source=maybe("direct", "(direct)", "partner-x", "Google") | one_of(ORGANIC_OF_SOURCE),
    utm_medium=maybe("paid-x", "app-push", "CPC", "other")
    | one_of(ORGANIC_OF_MEDIUM)
    | one_of(PAID_MEDIUMS),
    utm_campaign=maybe(
        "Cross-Network", "summer-shopping", "eshop", "workshop", "shop", "a video", "x"
    ),
    referring_domain=maybe("$direct", "www.google.co.jp", "blog.example", "m.yahoo.example", "www.")
    | one_of(ORGANIC_OF_SOURCE)
    | one_of(ORGANIC_OF_SOURCE).map("www.{}".format),
    gclid=maybe("g"),
    fbclid=maybe("f"),
    gad_source=maybe("1", "2"),
)


def asked(client: Client, cases: list[Entry]) -> list[str]:
    rows = json.encode([[getattr(case, name) or "" for name in _FIELDS] for case in cases]).decode()
    inputs = {name: f"case[{index}]" for index, name in enumerate(_FIELDS, 1)}
    found = client.query(
        f"SELECT {channel_type_sql(inputs)} FROM (SELECT arrayJoin(JSONExtract({{cases:String}}, "
        "'Array(Array(String))')) AS case)",
        parameters={"cases": rows},
    ).result_rows
    return [row[0] for row in found]


@settings(max_examples=30, suppress_health_check=_NO_SESSION_LIMITS, deadline=None)
@given(st.lists(entries, min_size=20, max_size=200))
def test_the_engine_and_the_rule_agree(event_store: ChdbEventStore, cases: list[Entry]) -> None:
    assert asked(event_store._client, cases) == [channel_type(case) for case in cases]
