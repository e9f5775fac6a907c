"""Ingestion warnings (ingestion §18): every occurrence is counted, the last samples are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from hedgerow.core import json
from hedgerow.core.limits import WARNING_SAMPLES_MAX
from hedgerow.directory.batch import Warning  # noqa: A004 - the field's word for it
from hedgerow.directory.dialect import greater_of, insert_or_change
from hedgerow.directory.engine import Directory
from hedgerow.directory.schema import ingestion_warning_samples as samples
from hedgerow.directory.schema import ingestion_warnings


@dataclass(frozen=True, slots=True)
class WarningSample:
    """One occurrence; `details` are as §18 lists them for the type."""

    details: dict[str, Any]
    timestamp_us: int


@dataclass(frozen=True, slots=True)
class WarningSummary:
    """All occurrences of one type in one project; `samples` are the last ones, newest first."""

    type: str
    category: str
    severity: str
    count: int
    last_seen_us: int
    samples: tuple[WarningSample, ...]


def list_warnings(
    directory: Directory, project_id: int, limit: int = 100, samples_max: int = WARNING_SAMPLES_MAX
) -> list[WarningSummary]:
    """The project's warnings by type, the last seen first."""
    query = (
        select(ingestion_warnings)
        .where(ingestion_warnings.c.project_id == project_id)
        .order_by(ingestion_warnings.c.last_seen_us.desc(), ingestion_warnings.c.type)
        .limit(limit)
    )
    with directory.read() as connection:
        return [
            WarningSummary(
                type=row["type"],
                category=row["category"],
                severity=row["severity"],
                count=row["count"],
                last_seen_us=row["last_seen_us"],
                samples=_samples(connection, project_id, row["type"], samples_max),
            )
            for row in connection.execute(query).mappings().all()
        ]


def add_warnings(connection: Connection, warnings: Sequence[Warning]) -> None:
    """Count these occurrences, in the order they happened, and keep the last samples of each."""
    by_type: dict[tuple[int, str], list[Warning]] = {}
    for warning in warnings:
        by_type.setdefault((warning.project_id, warning.type), []).append(warning)
    for same_type in by_type.values():
        _add_to_summary(connection, same_type)
        _add_samples(connection, same_type[-WARNING_SAMPLES_MAX:])


def _add_to_summary(connection: Connection, same_type: Sequence[Warning]) -> None:
    columns = ingestion_warnings.c
    statement = insert_or_change(
        connection.dialect,
        ingestion_warnings,
        lambda new: {
            "category": new.category,
            "severity": new.severity,
            "count": columns["count"] + new["count"],
            "last_seen_us": greater_of(columns.last_seen_us, new.last_seen_us),
        },
    )
    newest = same_type[-1]
    values = {
        "project_id": newest.project_id,
        "type": newest.type,
        "category": newest.category,
        "severity": newest.severity,
        "count": sum(warning.count for warning in same_type),
        "last_seen_us": max(warning.timestamp_us for warning in same_type),
    }
    connection.execute(statement, values)


def _add_samples(connection: Connection, same_type: Sequence[Warning]) -> None:
    connection.execute(
        insert(samples),
        [
            {
                "project_id": warning.project_id,
                "type": warning.type,
                "details": json.encode(warning.details).decode(),
                "timestamp_us": warning.timestamp_us,
            }
            for warning in same_type
        ],
    )
    same = (
        samples.c.project_id == same_type[0].project_id,
        samples.c.type == same_type[0].type,
    )
    newest_not_kept = (
        select(samples.c.id)
        .where(*same)
        .order_by(samples.c.id.desc())
        .offset(WARNING_SAMPLES_MAX)
        .limit(1)
        .scalar_subquery()
    )
    connection.execute(delete(samples).where(*same, samples.c.id <= newest_not_kept))


def _samples(
    connection: Connection, project_id: int, warning_type: str, samples_max: int
) -> tuple[WarningSample, ...]:
    query = (
        select(samples.c.details, samples.c.timestamp_us)
        .where(samples.c.project_id == project_id, samples.c.type == warning_type)
        .order_by(samples.c.id.desc())
        .limit(samples_max)
    )
    return tuple(
        WarningSample(json.decode(details), timestamp_us)
        for details, timestamp_us in connection.execute(query)
    )
