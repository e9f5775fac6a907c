"""What is kept of a feature flag beside its key, in the words of PostHog's API."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

Text = Annotated[str, Meta(max_length=10_000)]
Tags = Annotated[list[Annotated[str, Meta(max_length=255)]], Meta(max_length=100)]


def _everyone() -> dict[str, Any]:
    return {"groups": [{"properties": [], "rollout_percentage": 0}]}


class FlagBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """`filters` is kept as it was sent, so that nothing a newer client writes is lost.

    `name` is the description that people see. Contexts restrict where a flag is evaluated.
    """

    name: Text = ""
    active: bool = True
    filters: dict[str, Any] = field(default_factory=_everyone)
    tags: Tags = field(default_factory=list)
    ensure_experience_continuity: bool = False
    evaluation_runtime: Literal["all", "client", "server"] = "all"
    evaluation_contexts: Tags = field(default_factory=list)
    bucketing_identifier: Literal["distinct_id", "device_id"] | None = None
    is_remote_configuration: bool = False
