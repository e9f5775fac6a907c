"""`hedgerow status` and `hedgerow warnings`: what became of every event."""

from pathlib import Path
from typing import Any

from hedgerow.commands.local_server import LocalServer
from hedgerow.commands.output import print_json, print_table
from hedgerow.commands.sizes import size


def show_status(data: Path | None, *, as_json: bool) -> None:
    status = LocalServer(data).get("/_status")
    if as_json:
        print_json(status)
    else:
        print_table(["Status", ""], _rows(status))


def _rows(status: dict[str, Any]) -> list[tuple[str, str]]:
    outcomes, ingest, disk = status["outcomes"], status["ingest"], status["disk_bytes"]
    age = status["newest_event_age_seconds"]
    rows = [
        ("Received", f"{outcomes['received']:,}"),
        ("Stored", f"{outcomes['stored']:,}"),
        ("Duplicates", f"{outcomes['duplicates']:,}"),
        ("Dead-lettered", f"{outcomes['dead_lettered']:,}"),
        *((f"Dropped: {reason}", f"{count:,}") for reason, count in outcomes["dropped"].items()),
        ("Waiting", f"{size(ingest['waiting_bytes'])}, about {ingest['lag_events']:,} events"),
        ("Of it historical", size(ingest["historical_waiting_bytes"])),
        ("Of it floods", size(ingest["overflow_waiting_bytes"])),
        ("Lag", f"{ingest['lag_seconds']:.1f} s"),
        ("Newest event", "none yet" if age is None else f"{age:.1f} s ago"),
        ("Disk: log", size(disk["log"])),
        ("Disk: directory", size(disk["directory"])),
        ("Disk: store", size(disk["store"])),
        ("Disk: free", size(disk["free"])),
    ]
    if ingest["last_error"]:
        rows.append(("Last error", ingest["last_error"]))
    if ingest["alarm"]:
        rows.append(("ALARM", ingest["alarm"]))
    return rows


def show_warnings(data: Path | None, project: str, *, as_json: bool) -> None:
    found = LocalServer(data).get(f"/api/projects/{project}/ingestion_warnings")["results"]
    if as_json:
        print_json(found)
        return
    rows = [
        (
            item["type"],
            item["severity"],
            f"{item['count']:,}",
            item["last_seen"],
            str(item["warnings"][0]["details"])[:200] if item["warnings"] else "",
        )
        for item in found
    ]
    print_table(["Type", "Severity", "Count", "Last seen", "Last sample"], rows)
