"""What is kept of each kind of resource (read-api §3.4). A new field needs only a default here."""

from typing import Annotated, Any, Final, Literal

from msgspec import Meta, Struct, field

Name = Annotated[str, Meta(max_length=400)]
Text = Annotated[str, Meta(max_length=10_000)]
Tags = Annotated[list[Annotated[str, Meta(max_length=255)]], Meta(max_length=100)]


class InsightBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """A saved question. `query` is a query node as `POST query/` takes it."""

    query: dict[str, Any]
    name: Name | None = None
    description: Text = ""
    favorited: bool = False
    saved: bool = True
    tags: Tags = field(default_factory=list)


class TileText(Struct, kw_only=True, forbid_unknown_fields=True):
    body: Text


class Tile(Struct, kw_only=True, forbid_unknown_fields=True):
    """One place on a dashboard: a saved insight by its id, or a text.

    `id` 0 stands for a new tile. `layouts` is the page's own; it is kept as it is.
    """

    id: int = 0
    insight: int | None = None
    text: TileText | None = None
    layouts: dict[str, Any] = field(default_factory=dict)
    color: Annotated[str, Meta(max_length=40)] | None = None


class DashboardBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """Tiles in the order they are shown. `filters` and `variables` go over every insight on it."""

    name: Name
    description: Text = ""
    pinned: bool = False
    tags: Tags = field(default_factory=list)
    filters: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    tiles: Annotated[list[Tile], Meta(max_length=200)] = field(default_factory=list)


class AnnotationBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """A remark at a moment of every chart, or of one insight's."""

    content: Annotated[str, Meta(min_length=1, max_length=8192)]
    date_marker: str
    scope: Literal["dashboard_item", "dashboard", "project", "organization"] = "project"
    dashboard_item: int | None = None
    creation_type: Literal["USR", "GIT"] = "USR"


class CohortBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """A set of persons: those that match `filters` when asked, or a fixed list."""

    name: Name
    description: Text = ""
    is_static: bool = False
    filters: dict[str, Any] = field(default_factory=dict)


class ActionStep(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an event must be to match; all that is given must hold."""

    event: str | None = None
    properties: list[dict[str, Any]] = field(default_factory=list)
    selector: str | None = None
    tag_name: str | None = None
    text: str | None = None
    text_matching: Literal["exact", "contains", "regex"] | None = None
    href: str | None = None
    href_matching: Literal["exact", "contains", "regex"] | None = None
    url: str | None = None
    url_matching: Literal["exact", "contains", "regex"] | None = None


class ActionBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """A name for events that match any of its steps."""

    name: Name
    description: Text = ""
    tags: Tags = field(default_factory=list)
    steps: Annotated[list[ActionStep], Meta(max_length=100)] = field(default_factory=list)


ResourceBody = InsightBody | DashboardBody | AnnotationBody | CohortBody | ActionBody

KINDS: Final[dict[str, type[ResourceBody]]] = {
    "insight": InsightBody,
    "dashboard": DashboardBody,
    "annotation": AnnotationBody,
    "cohort": CohortBody,
    "action": ActionBody,
}
