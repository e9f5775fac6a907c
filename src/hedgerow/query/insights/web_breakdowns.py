"""What WebStatsTableQuery can split traffic by: columns of the session, or of each page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hedgerow.query.fragments import Sql, array
from hedgerow.query.insights.event_rows import EventRows

HOST: Final = "$host"
_NONE: Final = "'(none)'"
_PATH: Final = "query.breakdownBy"
# The columns of sessions with the hosts of their first and last page.
_HOSTNAMES: Final = {"InitialPage": "$entry_hostname", "ExitPage": "$end_hostname"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionBreakdown:
    """`expression` over columns of the session. Nulls are left out unless they mean something."""

    columns: tuple[str, ...]
    expression: Sql
    keeps_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageBreakdown:
    """By properties of each page. With several the value is a list.

    `decides` is the place of the property without which a row is left out. A `host`, where it is
    asked for, stands before the only property.
    """

    properties: tuple[str, ...]
    decides: int = 0
    host: str | None = None

    def expression(self, rows: EventRows, *, with_host: bool = False) -> Sql:
        values = self._values(rows)
        if with_host and self.host is not None:
            return with_host_before(values[0], rows.property("event", self.host, _PATH))
        return array(values) if len(values) > 1 else values[0]

    def is_there(self, rows: EventRows) -> Sql:
        return Sql(f"notEmpty(ifNull({self._values(rows)[self.decides]}, ''))")

    def _values(self, rows: EventRows) -> list[Sql]:
        return [rows.property("event", name, _PATH) for name in self.properties]


def with_host_before(path: Sql, host: Sql) -> Sql:
    """`example.org/pricing`; NULL without a path."""
    return Sql(f"concat(ifNull({host}, ''), {path})")


def session_breakdown(name: str, *, with_host: bool = False) -> SessionBreakdown | None:
    """By a column of the session, pages with their host if asked for; None for one of pages."""
    found, host = SESSION_BREAKDOWNS.get(name), _HOSTNAMES.get(name)
    if found is None or host is None or not with_host:
        return found
    return SessionBreakdown(
        columns=(host, *found.columns),
        expression=with_host_before(found.expression, Sql(f"`{host}`")),
    )


def _of_session(column: str, *, keeps_null: bool = False) -> SessionBreakdown:
    value = Sql(f"nullIf(`{column}`, '')")
    return SessionBreakdown(columns=(column,), expression=value, keeps_null=keeps_null)


def _or_none(column: str, more: str = "") -> str:
    return f"coalesce(nullIf(`{column}`, ''), {more}{_NONE})"


SESSION_BREAKDOWNS: Final[Mapping[str, SessionBreakdown]] = {
    "InitialPage": _of_session("$entry_pathname"),
    "ExitPage": _of_session("$end_pathname"),
    "ExitClick": _of_session("$last_external_click_url"),
    "InitialChannelType": _of_session("$channel_type"),
    "InitialReferringDomain": _of_session("$entry_referring_domain"),
    "InitialReferringURL": _of_session("$entry_referrer"),
    "InitialUTMSource": _of_session("$entry_utm_source", keeps_null=True),
    "InitialUTMCampaign": _of_session("$entry_utm_campaign", keeps_null=True),
    "InitialUTMMedium": _of_session("$entry_utm_medium", keeps_null=True),
    "InitialUTMTerm": _of_session("$entry_utm_term", keeps_null=True),
    "InitialUTMContent": _of_session("$entry_utm_content", keeps_null=True),
    "InitialUTMSourceMediumCampaign": SessionBreakdown(
        columns=(
            *("$entry_utm_source", "$entry_utm_medium", "$entry_utm_campaign"),
            "$entry_referring_domain",
        ),
        expression=Sql(
            "concat("
            + _or_none("$entry_utm_source", "nullIf(`$entry_referring_domain`, ''), ")
            + f", ' / ', {_or_none('$entry_utm_medium')}, ' / ', "
            + f"{_or_none('$entry_utm_campaign')})"
        ),
    ),
}
PAGE_BREAKDOWNS: Final[Mapping[str, PageBreakdown]] = {
    "Page": PageBreakdown(properties=("$pathname",), host=HOST),
    "PreviousPage": PageBreakdown(properties=("$prev_pageview_pathname",)),
    "ScreenName": PageBreakdown(properties=("$screen_name",)),
    "Browser": PageBreakdown(properties=("$browser",)),
    "OS": PageBreakdown(properties=("$os",)),
    "Viewport": PageBreakdown(properties=("$viewport_width", "$viewport_height")),
    "DeviceType": PageBreakdown(properties=("$device_type",)),
    "Country": PageBreakdown(properties=("$geoip_country_code",)),
    "Region": PageBreakdown(
        properties=(
            *("$geoip_country_code", "$geoip_subdivision_1_code", "$geoip_subdivision_1_name"),
        ),
        decides=1,
    ),
    "City": PageBreakdown(properties=("$geoip_country_code", "$geoip_city_name"), decides=1),
    "Timezone": PageBreakdown(properties=("$timezone",)),
    "Language": PageBreakdown(properties=("$browser_language",)),
}
