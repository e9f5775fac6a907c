"""A project's property definitions, asked for one by one as a query names them."""

from dataclasses import dataclass, field

from hedgerow.directory.definitions import property_type
from hedgerow.directory.engine import Directory


@dataclass(slots=True)
class DirectoryTypes:
    """`PropertyTypes` of one project; one query asks each name once."""

    directory: Directory
    project_id: int
    _known: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def property_type(self, scope: str, name: str) -> str | None:
        key = (scope, name)
        if key not in self._known:
            self._known[key] = property_type(self.directory, self.project_id, scope, name)
        return self._known[key]
