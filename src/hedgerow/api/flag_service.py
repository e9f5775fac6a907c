"""What the routes of feature flags do: blocking, apart from HTTP itself."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from msgspec import to_builtins

from hedgerow.api.errors import ApiError
from hedgerow.api.flag_presenters import flag_object
from hedgerow.api.services import Services
from hedgerow.core.errors import FieldError
from hedgerow.core.typed_json import typed
from hedgerow.directory.feature_flags import (
    FeatureFlag,
    FlagConflictError,
    FlagContent,
    NoSuchFlagError,
    change_flag,
    create_flag,
    flag_by_id,
    list_flags,
)
from hedgerow.directory.flag_body import FlagBody
from hedgerow.directory.publishing import cohort_filters
from hedgerow.flags.checks import check_key, checked_filters
from hedgerow.flags.definition import Filters, FlagDefinition
from hedgerow.flags.dependencies import dependency_chain, depends_on
from hedgerow.flags.project_flags import ProjectFlags

Shown = dict[str, Any]

# What the API shows but nobody sets; clients send whole objects back.
_READ_ONLY: Final = frozenset(
    [
        *("id", "created_at", "updated_at", "created_by", "last_modified_by", "is_simple_flag"),
        *("status", "experiment_set", "has_encrypted_payloads", "can_edit", "surveys", "features"),
        *("rollout_percentage", "user_access_level", "personal_api_key", "usage_dashboard"),
        *("analytics_dashboards", "creation_context", "has_enriched_analytics", "last_called_at"),
        *("rollback_conditions", "performed_rollback", "_create_in_folder"),
        "_should_create_usage_dashboard",
    ]
)
# PostHog writes null where nothing was chosen.
_NULL_IS_NOTHING: Final = frozenset(
    [
        *("name", "tags", "ensure_experience_continuity", "evaluation_runtime"),
        *("evaluation_contexts", "evaluation_tags", "is_remote_configuration", "version"),
        *("deleted", "filters"),
    ]
)


@dataclass(frozen=True, slots=True)
class FlagService:
    """The flags of one project. Raises `ApiError` 404 for what is not there."""

    services: Services
    project_id: int

    def create(self, sent: Shown) -> Shown:
        """Raises `FieldError`."""
        fields = _fields(sent)
        key = _sent_key(fields)
        fields.pop("version", None)
        fields.pop("deleted", None)
        body = typed(fields, FlagBody)
        self._check(key, body.filters, None)
        content = FlagContent(key, body)
        flag = create_flag(self.services.directory, self.project_id, content, now_us=self._now_us())
        return self._published(flag)

    def find(self, flag_id: str) -> FeatureFlag:
        with _answered():
            return flag_by_id(self.services.directory, self.project_id, flag_id)

    def change(self, flag_id: str, sent: Shown) -> Shown:
        """Raises `FieldError`, and `ApiError` 409 when `version` is not the newest."""
        found = self.find(flag_id)
        fields = _fields(sent)
        expected_version = _sent_version(fields)
        is_deleted = _sent_deleted(fields)
        key = _sent_key(fields) if "key" in fields else found.key
        # Checked before the transaction, since the checks read the directory themselves.
        if "filters" in fields or key != found.key:
            self._check(key, fields.get("filters", found.body.filters), found)
        if key != found.key or is_deleted:
            self._check_nobody_depends_on(found)

        def change(current: FeatureFlag) -> FlagContent:
            body = typed({**to_builtins(current.body), **fields}, FlagBody)
            deleted = current.is_deleted if is_deleted is None else is_deleted
            return FlagContent(key, body, deleted)

        return self._published(self._write(found.id, change, expected_version))

    def delete(self, flag_id: str) -> None:
        """It is hidden, not erased: `{"deleted": false}` brings it back."""
        self.change(flag_id, {"deleted": True})

    def _write(
        self,
        flag_id: int,
        change: Callable[[FeatureFlag], FlagContent],
        expected_version: int | None,
    ) -> FeatureFlag:
        with _answered():
            return change_flag(
                self.services.directory,
                self.project_id,
                str(flag_id),
                change,
                expected_version=expected_version,
                now_us=self._now_us(),
            )

    def _published(self, flag: FeatureFlag) -> Shown:
        self.services.publisher.publish()
        return flag_object(flag)

    def _check(self, key: str, filters: Any, found: FeatureFlag | None) -> None:
        check_key(key)
        checked = checked_filters(filters)
        flags = self._all_flags()
        _check_dependencies(key, checked, found, flags)
        cohorts = cohort_filters(self.services.directory, self.project_id)
        _check_cohorts(checked, cohorts)

    def _check_nobody_depends_on(self, flag: FeatureFlag) -> None:
        for other in self._all_flags():
            if {flag.key, str(flag.id)} & set(depends_on(other)):
                raise FieldError(f"The flag {other.key} depends on this one.", "key")

    def _all_flags(self) -> list[FlagDefinition]:
        flags, _ = list_flags(self.services.directory, self.project_id)
        return [flag.definition() for flag in flags]

    def _now_us(self) -> int:
        return self.services.clock.now_us()


@contextmanager
def _answered() -> Iterator[None]:
    """Turns the directory's errors into answers."""
    try:
        yield
    except NoSuchFlagError as error:
        raise ApiError(404, str(error)) from None
    except FlagConflictError as error:
        raise ApiError(409, str(error), code="conflict", attribute="version") from None


def _fields(sent: Shown) -> Shown:
    """What can be set, under the names we keep; PostHog has had others."""
    fields = {
        name: value
        for name, value in sent.items()
        if name not in _READ_ONLY and not (value is None and name in _NULL_IS_NOTHING)
    }
    if "evaluation_tags" in fields:
        fields.setdefault("evaluation_contexts", fields.pop("evaluation_tags"))
    if fields.get("filters") == {}:
        del fields["filters"]
    return fields


def _sent_key(fields: Shown) -> str:
    key = fields.pop("key", None)
    if not isinstance(key, str):
        raise FieldError("A flag needs a key.", "key")
    check_key(key)
    return key


def _sent_version(fields: Shown) -> int | None:
    version = fields.pop("version", None)
    if version is not None and type(version) is not int:
        raise FieldError("version must be a whole number.", "version")
    return version


def _sent_deleted(fields: Shown) -> bool | None:
    deleted = fields.pop("deleted", None)
    if deleted is not None and not isinstance(deleted, bool):
        raise FieldError("deleted must be true or false.", "deleted")
    return deleted


def _check_dependencies(
    key: str, filters: Filters, found: FeatureFlag | None, flags: list[FlagDefinition]
) -> None:
    """Every flag a condition is on exists, and none leads back to this one."""
    own = FlagDefinition(id=found.id if found else 0, key=key, filters=filters)
    others = [flag for flag in flags if found is None or flag.id != found.id]
    project = ProjectFlags([*others, own])
    for path, reference in _references(filters):
        if project.find(reference) is None:
            raise FieldError(f"There is no feature flag {reference[:40]!r}.", path)
        if not dependency_chain(reference, project.find) or key in dependency_chain(
            reference, project.find
        ):
            raise FieldError("The flags would depend on each other in a circle.", path)


def _references(filters: Filters) -> list[tuple[str, str]]:
    return [
        (f"filters.groups.{index}.properties.{place}.key", wanted.key)
        for index, condition in enumerate(filters.groups or [])
        for place, wanted in enumerate(condition.properties or [])
        if wanted.type == "flag"
    ]


def _check_cohorts(filters: Filters, cohorts: Mapping[str, Any]) -> None:
    for index, condition in enumerate(filters.groups or []):
        for place, wanted in enumerate(condition.properties or []):
            if wanted.type == "cohort" and str(wanted.value) not in cohorts:
                raise FieldError(
                    f"There is no cohort {str(wanted.value)[:40]} of property filters.",
                    f"filters.groups.{index}.properties.{place}.value",
                )
