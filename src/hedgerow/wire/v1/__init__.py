"""The second capture protocol, `POST /i/v1/analytics/events`: one result an event (§14)."""
