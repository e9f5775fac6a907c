"""Properties that have a column of their own: which there are, and how a column is described.

The engine keeps the list itself: each such column carries its property as its comment, so that
list and columns cannot disagree.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from hedgerow.core import json

Scope = Literal["event", "person_on_event"]
COLUMN_PREFIX: Final = "promoted_"
_SOURCE_COLUMN: Final[dict[Scope, str]] = {
    "event": "properties",
    "person_on_event": "person_properties",
}
VALUE_SUFFIX: Final = "_value"
# Of a type: the engine's type, and its values from the text. The same functions read a property
# that is not promoted (`query/properties.py`).
_VALUES: Final = {
    "Numeric": ("Nullable(Float64)", "toFloat64OrNull({})"),
    "DateTime": (
        "Nullable(DateTime64(6, 'UTC'))",
        "parseDateTime64BestEffortOrNull({}, 6, 'UTC')",
    ),
}
TYPES: Final = ("String", "Numeric", "Boolean", "DateTime")


@dataclass(frozen=True, slots=True)
class PromotedProperty:
    """A property of `events` whose text stands in `column` too.

    Where the type has values of its own (Numeric, DateTime), they stand in `value_column`.
    """

    scope: Scope
    name: str
    type: str = "String"

    @property
    def column(self) -> str:
        """A name made of fixed characters, whatever the property is called."""
        digest = hashlib.sha256(f"{self.scope}\0{self.name}".encode()).hexdigest()
        return COLUMN_PREFIX + digest[:20]

    @property
    def expression(self) -> str:
        """What a row without the column reads instead: the property itself, so that answers are
        the same before, during and after the column is filled.
        """
        column = _SOURCE_COLUMN[self.scope]
        return f"JSONExtract({column}, {text_literal(self.name)}, 'Nullable(String)')"

    @property
    def value_column(self) -> str | None:
        return f"{self.column}{VALUE_SUFFIX}" if self.type in _VALUES else None

    @property
    def columns(self) -> tuple[str, ...]:
        """In the order in which they depend on each other."""
        return (self.column,) if self.value_column is None else (self.column, self.value_column)

    @property
    def comment(self) -> str:
        return json.encode({"scope": self.scope, "name": self.name, "type": self.type}).decode()

    def add_statements(self, *, few_values: bool) -> list[str]:
        """What adds its columns; running them again changes nothing."""
        text_type = "LowCardinality(Nullable(String))" if few_values else "Nullable(String)"
        comment = text_literal(self.comment)
        statements = [
            (
                f"ALTER TABLE events ADD COLUMN IF NOT EXISTS {self.column} {text_type} "
                f"DEFAULT {self.expression} COMMENT {comment}"
            )
        ]
        if self.value_column is not None:
            value_type, function = _VALUES[self.type]
            statements.append(
                f"ALTER TABLE events ADD COLUMN IF NOT EXISTS {self.value_column} {value_type} "
                f"DEFAULT {function.format(self.column)}"
            )
        return statements


def promoted_from(column: str, comment: str) -> PromotedProperty | None:
    """The property of an engine's column; None for a column that is not one of these."""
    if not column.startswith(COLUMN_PREFIX) or column.endswith(VALUE_SUFFIX):
        return None
    described = json.decode(comment.encode())
    return PromotedProperty(described["scope"], described["name"], described["type"])


class PromotedProperties:
    """An unchanging set of them, asked for by scope and name."""

    def __init__(self, properties: Iterable[PromotedProperty] = ()) -> None:
        self._known: dict[tuple[str, str], PromotedProperty] = {
            (item.scope, item.name): item for item in properties
        }

    def find(self, scope: str, name: str) -> PromotedProperty | None:
        return self._known.get((scope, name))

    def __iter__(self) -> Iterator[PromotedProperty]:
        return iter(self._known.values())

    def __len__(self) -> int:
        return len(self._known)


NOTHING_PROMOTED: Final = PromotedProperties()


def text_literal(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'").replace("\0", "\\0")
    return f"'{escaped}'"
