"""What the resource routes do, for any kind of resource: blocking, apart from HTTP itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from msgspec import to_builtins
from msgspec.structs import replace

from hedgerow.api.errors import ApiError
from hedgerow.api.resource_presenters import present_resources
from hedgerow.core.clock import Clock
from hedgerow.core.errors import FieldError
from hedgerow.core.typed_json import typed
from hedgerow.directory.dashboards import (
    check_dashboards,
    checked_tiles,
    put_insight_on_dashboards,
)
from hedgerow.directory.engine import Directory
from hedgerow.directory.resource_kinds import (
    AnnotationBody,
    DashboardBody,
    InsightBody,
    ResourceBody,
)
from hedgerow.directory.resources import (
    NoSuchResourceError,
    Resource,
    change_resource,
    create_resource,
    list_resources,
    resource_by_id,
)
from hedgerow.wire.timestamps import format_timestamp, parse_timestamp

AnyResource = Resource[Any]
Shown = dict[str, Any]

# What the API shows but nobody sets; clients send whole objects back.
_READ_ONLY: Final = frozenset(
    [
        *("id", "short_id", "created_at", "updated_at", "last_modified_at", "created_by"),
        *("result", "last_refresh", "is_cached", "count", "is_calculating", "last_calculation"),
        *("derived_name", "dashboard_tiles", "personal_api_key", "timezone"),
    ]
)
# What a cohort or an action is; a name can be changed even where these have become wrong.
_DEFINING: Final = frozenset(("filters", "steps", "is_static"))


@dataclass(frozen=True, slots=True)
class ResourceService:
    """The resources of one kind in one project. Raises `ApiError` 404 for what is not there.

    `check` raises `QueryError` for a body that no question could use.
    """

    directory: Directory
    clock: Clock
    project_id: int
    kind: type[ResourceBody]
    check: Callable[[ResourceBody], None]

    def page(
        self, *, search: str | None, short_id: str | None, limit: int, offset: int
    ) -> tuple[list[Shown], int]:
        """The shown resources of one page, and how many there are in all."""
        if short_id is not None:
            return self._page_of_one(short_id)
        found, count = list_resources(
            self.directory, self.project_id, self.kind, search=search, limit=limit, offset=offset
        )
        return present_resources(self.directory, self.project_id, found), count

    def _page_of_one(self, short_id: str) -> tuple[list[Shown], int]:
        try:
            found = resource_by_id(self.directory, self.project_id, self.kind, short_id)
        except NoSuchResourceError:
            return [], 0
        return ([], 0) if found.is_deleted else ([self._shown(found)], 1)

    def create(self, sent: Shown) -> Shown:
        """Raises `FieldError`."""
        change = _asked_change(sent, self.kind)
        body = self._checked(typed(change.fields, self.kind), change)
        resource: AnyResource = create_resource(
            self.directory, self.project_id, body, now_us=self.clock.now_us()
        )
        return self._placed(resource, change)

    def show(self, resource_id: str) -> Shown:
        return self._shown(self._found(resource_id))

    def change(self, resource_id: str, sent: Shown) -> Shown:
        """Raises `FieldError`."""
        change = _asked_change(sent, self.kind)
        # Checked before the transaction, since the checks read the directory themselves.
        checked = self._checked(_merged(self._found(resource_id).body, change.fields), change)
        fields = {name: getattr(checked, name) for name in change.fields}
        return self._placed(self._write(resource_id, fields, change.is_deleted), change)

    def delete(self, resource_id: str) -> None:
        """It is hidden, not erased: `{"deleted": false}` brings it back."""
        self._found(resource_id)
        self._write(resource_id, {}, is_deleted=True)

    def _write(
        self, resource_id: str, fields: dict[str, Any], is_deleted: bool | None
    ) -> AnyResource:
        return change_resource(
            self.directory,
            self.project_id,
            self.kind,
            resource_id,
            change=lambda body: replace(body, **fields),
            is_deleted=is_deleted,
            now_us=self.clock.now_us(),
        )

    def _found(self, resource_id: str) -> AnyResource:
        try:
            return resource_by_id(self.directory, self.project_id, self.kind, resource_id)
        except NoSuchResourceError as error:
            raise ApiError(404, str(error)) from None

    def _shown(self, resource: AnyResource) -> Shown:
        return present_resources(self.directory, self.project_id, [resource])[0]

    def _placed(self, resource: AnyResource, change: "_Change") -> Shown:
        if change.dashboards is not None:
            put_insight_on_dashboards(
                self.directory,
                self.project_id,
                resource.id,
                change.dashboards,
                now_us=self.clock.now_us(),
            )
        return self._shown(resource)

    def _checked(self, body: Any, change: "_Change") -> Any:
        """The body with what its type alone cannot tell checked.

        Raises `FieldError` or `QueryError`.
        """
        if change.fields.keys() & _DEFINING:
            self.check(body)
        if change.dashboards is not None:
            check_dashboards(self.directory, self.project_id, change.dashboards)
        if isinstance(body, DashboardBody):
            return checked_tiles(self.directory, self.project_id, body)
        if isinstance(body, AnnotationBody):
            marker_us = parse_timestamp(body.date_marker)
            if marker_us is None:
                raise FieldError(f"{body.date_marker[:100]!r} is not a time.", "date_marker")
            return replace(body, date_marker=format_timestamp(marker_us))
        if isinstance(body, InsightBody) and not isinstance(body.query.get("kind"), str):
            raise FieldError("The query must be an object with a kind.", "query.kind")
        return body


@dataclass(frozen=True, slots=True)
class _Change:
    """What a request asks: fields of the body, whether it is deleted, an insight's dashboards."""

    fields: dict[str, Any]
    is_deleted: bool | None
    dashboards: list[int] | None


def _asked_change(sent: dict[str, Any], kind: type[ResourceBody]) -> _Change:
    """Raises `FieldError`."""
    fields = {name: value for name, value in sent.items() if name not in _READ_ONLY}
    is_deleted = fields.pop("deleted", None)
    if is_deleted is not None and not isinstance(is_deleted, bool):
        raise FieldError("deleted must be true or false.", "deleted")
    dashboards = fields.pop("dashboards", None) if kind is InsightBody else None
    if dashboards is not None and not _is_id_list(dashboards):
        raise FieldError("dashboards must be a list of ids.", "dashboards")
    if kind is DashboardBody and isinstance(fields.get("tiles"), list):
        fields["tiles"] = [_tile(tile) for tile in fields["tiles"]]
    return _Change(fields, is_deleted, dashboards)


def _is_id_list(value: Any) -> bool:
    return isinstance(value, list) and all(type(item) is int for item in value)


def _tile(tile: Any) -> Any:
    """A tile as it was shown, with its whole insight, stands for one with the insight's id."""
    if isinstance(tile, dict) and isinstance(tile.get("insight"), dict):
        return {**tile, "insight": tile["insight"].get("id")}
    return tile


def _merged(body: Any, fields: dict[str, Any]) -> Any:
    """The body with `fields` as they were sent; raises `FieldError`."""
    return typed({**to_builtins(body), **fields}, type(body))
