"""What ingest asks the directory about groups while it computes a batch."""

from dataclasses import dataclass

from hedgerow.directory.batch import Group
from hedgerow.directory.engine import Directory
from hedgerow.directory.groups import list_group_types, load_groups


@dataclass(frozen=True, slots=True)
class GroupReader:
    directory: Directory

    def types(self, project_id: int) -> dict[str, int]:
        """The project's group types and their indexes."""
        return {
            item.group_type: item.type_index
            for item in list_group_types(self.directory, project_id)
        }

    def group(self, project_id: int, type_index: int, group_key: str) -> Group | None:
        name = (type_index, group_key)
        return load_groups(self.directory, project_id, [name]).get(name)
