"""Sessions, made from events when they are asked for (ingestion §12).

Nothing is kept, so a resent, late or deleted event and a merge of persons change a session at once
(decision 11). Only what a query names is computed.

A session is all events with one `$session_id` that is a UUID of version 7. First and last values
come from pageviews and screens where there are any, else from the other events. Where two events
have the same time, the uuid decides, so that the answer does not depend on the order of storage.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hedgerow.query.channel_type import channel_type_sql
from hedgerow.query.person_resolution import overrides_subquery, resolved_person
from hedgerow.store.rows import HOT_STRING_PROPERTIES

BOUNCE_SECONDS_MIN: Final = 10
# A session is read from this long before and after the asked range, so that one that reaches over
# its edge is whole. An SDK ends a session after 24 hours.
SESSION_DAYS_MAX: Final = 3

# The id as a UUID, to join on; users see it as text, as on events.
SESSION_KEY: Final = "__session_key"
# A column that cannot be NULL, so that its absence is an empty list.
URLS: Final = "$urls"

# A name, but not one of an aggregate (`a.NAME`).
_WORD = re.compile(r"\b(?<!a\.)\w+")
# What a session is made of besides the columns of hot properties.
_EVENT_COLUMNS: Final = (
    *("session_uuid", "uuid", "event", "timestamp", "distinct_id", "person_id", "properties"),
)
_ZERO: Final = "toUUID('00000000-0000-0000-0000-000000000000')"
_PAGE: Final = "event IN ('$pageview', '$screen')"
# Events are put in order by one number, which costs half of what comparing a pair does: the time in
# microseconds, made positive, and below it a hash of the uuid. Pages get a time far off.
_EPOCH_OFFSET: Final = 2**52
_FAR: Final = 2**61


def _order(time_us: str) -> str:
    return (
        f"bitOr(bitShiftLeft(toUInt128({time_us} + {_EPOCH_OFFSET}), 64), "
        "toUInt128(cityHash64(uuid)))"
    )


_BY_TIME: Final = _order("toUnixTimestamp64Micro(timestamp)")
_FIRST: Final = _order(f"toUnixTimestamp64Micro(timestamp) + if({_PAGE}, 0, {_FAR})")
_LAST: Final = _order(f"toUnixTimestamp64Micro(timestamp) + if({_PAGE}, {_FAR}, 0)")

_AGGREGATES: Final = {
    "start": "min(timestamp)",
    "end": "max(timestamp)",
    "distinct_id": f"argMax(distinct_id, {_BY_TIME})",
    "person_id": f"argMax(person_id, {_BY_TIME})",
    "pageviews": "countIf(event = '$pageview')",
    "screens": "countIf(event = '$screen')",
    "autocaptures": "countIf(event = '$autocapture')",
    "urls": f"arraySort(groupUniqArrayIf(current_url, {_PAGE}))",
    "entry_url": f"argMin(current_url, {_FIRST})",
    "end_url": f"argMax(current_url, {_LAST})",
    "external_click_url": f"argMax(external_click_url, {_BY_TIME})",
    "entry": f"argMin((utm_source, utm_medium, utm_campaign, referring_domain, gclid, fbclid, "
    f"gad_source), {_FIRST})",
}
_CHANNEL_INPUTS: Final = (
    *("utm_source", "utm_medium", "utm_campaign", "referring_domain"),
    *("gclid", "fbclid", "gad_source"),
)
_ENTRY_COLUMNS: Final = (
    *("referring_domain", "utm_source", "utm_campaign", "utm_medium", "utm_term", "utm_content"),
    *("gclid", "gad_source", "fbclid", "referrer"),
)
_ENTRY_PROPERTIES: Final = (
    *("gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "li_fat_id", "mc_cid", "igshid"),
    *("ttclid", "epik", "qclid", "sccid", "_kx", "irclid"),
)
_DEVICE_COLUMNS: Final = {
    "$browser": "browser",
    "$os": "os",
    "$device_type": "device_type",
    "$geoip_country_code": "geoip_country_code",
}
_DEVICE_PROPERTIES: Final = (
    *("$browser_version", "$os_version", "$viewport_width", "$viewport_height"),
    *("$geoip_city_name", "$geoip_subdivision_1_code", "$geoip_subdivision_1_name"),
    "$geoip_time_zone",
)


@dataclass(frozen=True, slots=True)
class _Column:
    """`expression` over the aggregates that it `needs`."""

    expression: str
    needs: tuple[str, ...] = ()


def _property(name: str) -> str:
    return f"JSONExtract(properties, '{name}', 'Nullable(String)')"


def _all_aggregates() -> dict[str, str]:
    found = dict(_AGGREGATES)
    for name in _ENTRY_COLUMNS:
        found[f"entry_{name}"] = f"argMin({name}, {_FIRST})"
    for name in _ENTRY_PROPERTIES:
        found[f"entry_{name}"] = f"argMin({_property(name)}, {_FIRST})"
    for name, column in _DEVICE_COLUMNS.items():
        found[name] = f"argMin({column}, {_BY_TIME})"
    for name in _DEVICE_PROPERTIES:
        found[name] = f"argMin({_property(name)}, {_BY_TIME})"
    return found


def _of_url(function: str, aggregate: str) -> _Column:
    return _Column(f"{function}(`a.{aggregate}`)", (aggregate,))


def _as_it_is(aggregate: str) -> _Column:
    return _Column(f"`a.{aggregate}`", (aggregate,))


_DURATION: Final = "dateDiff('second', `a.start`, `a.end`)"
_CHANNEL: Final = channel_type_sql(
    {name: f"`a.entry`.{index}" for index, name in enumerate(_CHANNEL_INPUTS, 1)}
)
# Null without a page; otherwise whether one page was all there was, and soon left (read-api §4.7).
_BOUNCE: Final = (
    "if(`a.pageviews` + `a.screens` = 0, NULL, toBool(NOT (`a.pageviews` + `a.screens` > 1 "
    f"OR `a.autocaptures` > 0 OR {_DURATION} >= {{}})))"
)


def _all_columns(bounce_seconds: int = BOUNCE_SECONDS_MIN) -> dict[str, _Column]:
    columns = {
        SESSION_KEY: _Column("`a.session_id`"),
        "session_id": _Column("toString(`a.session_id`)"),
        "distinct_id": _as_it_is("distinct_id"),
        "person_id": _Column(resolved_person("`a.person_id`", "o.new_person_id"), ("person_id",)),
        "$start_timestamp": _as_it_is("start"),
        "$end_timestamp": _as_it_is("end"),
        "$session_duration": _Column(_DURATION, ("start", "end")),
        "duration": _Column(_DURATION, ("start", "end")),
        "$pageview_count": _as_it_is("pageviews"),
        "$screen_count": _as_it_is("screens"),
        "$autocapture_count": _as_it_is("autocaptures"),
        URLS: _as_it_is("urls"),
        "$num_uniq_urls": _Column("length(`a.urls`)", ("urls",)),
        "$entry_current_url": _as_it_is("entry_url"),
        "$entry_pathname": _of_url("path", "entry_url"),
        "$entry_hostname": _of_url("domain", "entry_url"),
    }
    for word in ("end", "exit"):
        columns[f"${word}_current_url"] = _as_it_is("end_url")
        columns[f"${word}_pathname"] = _of_url("path", "end_url")
        columns[f"${word}_hostname"] = _of_url("domain", "end_url")
    columns["$last_external_click_url"] = _as_it_is("external_click_url")
    for name in (*_ENTRY_COLUMNS, *_ENTRY_PROPERTIES):
        columns[f"$entry_{name}"] = _as_it_is(f"entry_{name}")
    columns["$channel_type"] = _Column(_CHANNEL, ("entry",))
    columns["$is_bounce"] = _Column(
        _BOUNCE.format(bounce_seconds), ("pageviews", "screens", "autocaptures", "start", "end")
    )
    for name in (*_DEVICE_COLUMNS, *_DEVICE_PROPERTIES):
        columns[name] = _as_it_is(name)
    return columns


def session_columns() -> tuple[str, ...]:
    """The documented columns, in order."""
    return tuple(name for name in _all_columns() if name != SESSION_KEY)


def sessions_subquery(
    project_id: int, wanted: Collection[str], conditions: Sequence[str] = ()
) -> str:
    """One project's sessions with the `wanted` columns.

    `conditions` on events bound what is read; they must keep whole sessions.
    """
    where = "".join(f" AND {condition}" for condition in conditions)
    source = f"events WHERE project_id = {int(project_id)} AND session_uuid != {_ZERO}{where}"
    grouped = _grouped(source, wanted, {})
    shown = ", ".join(
        f"{column.expression} AS `{name}`" for name, column in _columns_of(wanted).items()
    )
    join = (
        f" LEFT ANY JOIN ({overrides_subquery(project_id)}) AS o "
        "ON s.`a.person_id` = o.old_person_id"
        if "person_id" in wanted
        else ""
    )
    return f"SELECT {shown or '1 AS `__row`'} FROM ({grouped}) AS s{join}"  # noqa: S608 - fixed names


def sessions_of_rows(
    rows: str,
    wanted: Collection[str],
    more: Mapping[str, str],
    *,
    bounce_seconds: int = BOUNCE_SECONDS_MIN,
) -> str:
    """Sessions of given rows of events, with `more` aggregates over the rows' own columns.

    `rows` is a select of whole sessions with `columns_read(wanted)` as the store names them, all of
    them in a session. For questions that ask about a session and its events at once: one pass.
    Who stays for `bounce_seconds` has not bounced.
    """
    grouped = _grouped(f"({rows}) AS r", wanted, more)
    known = _all_columns(bounce_seconds)
    columns = {name: column.expression for name, column in known.items() if name in wanted}
    columns |= {name: f"`a.{name}`" for name in more}
    shown = ", ".join(f"{expression} AS `{name}`" for name, expression in columns.items())
    return f"SELECT {shown} FROM ({grouped}) AS s"  # noqa: S608 - fixed names


def columns_read(wanted: Collection[str]) -> set[str]:
    """The stored columns of events that the `wanted` columns of sessions are made from."""
    words = set(_WORD.findall(_grouped("", wanted, {})))
    return words & {*_EVENT_COLUMNS, *HOT_STRING_PROPERTIES}


def _columns_of(wanted: Collection[str]) -> dict[str, _Column]:
    return {name: column for name, column in _all_columns().items() if name in wanted}


def _grouped(source: str, wanted: Collection[str], more: Mapping[str, str]) -> str:
    needed = {need for column in _columns_of(wanted).values() for need in column.needs}
    aggregates = {name: text for name, text in _all_aggregates().items() if name in needed}
    listed = "".join(f", {text} AS `a.{name}`" for name, text in {**aggregates, **more}.items())
    return (
        f"SELECT session_uuid AS `a.session_id`{listed} FROM {source} "  # noqa: S608 - fixed names and a number
        "GROUP BY session_uuid"
    )
