"""The official Python SDK, unchanged but for its host."""

import uuid
from pathlib import Path

from posthog import Posthog

from hedgerow.testing.server import HedgerowServer

EVENTS = 1000


def test_a_thousand_events_of_the_sdk_are_stored_exactly_once(tmp_path: Path) -> None:
    with HedgerowServer(tmp_path / "data") as server:
        errors: list[object] = []
        client = Posthog(
            server.project_key,
            host=server.url,
            gzip=True,
            flush_at=50,
            on_error=lambda error, _items: errors.append(error),
        )
        uuids = [str(uuid.uuid4()) for _ in range(EVENTS)]
        for number, event_uuid in enumerate(uuids):
            client.capture(
                "sdk event",
                distinct_id=f"user {number % 20}",
                properties={"number": number, "$set": {"last": number}},
                uuid=event_uuid,
            )
        client.flush()
        client.shutdown()
        server.wait_until_ingested()

        rows = server.query_all(
            "SELECT toString(uuid), properties.number, properties.$lib FROM events ORDER BY toString(uuid)"
        )
        person = server.get("/api/projects/@current/persons/?distinct_id=user%2019")

        assert errors == []
        assert [row[0] for row in rows] == sorted(uuids)
        assert sorted(int(row[1]) for row in rows) == list(range(EVENTS))
        assert {row[2] for row in rows} == {"posthog-python"}
        assert person["results"][0]["properties"]["last"] == EVENTS - 1
