"""Keeps pandas out of a process whose libraries import it wherever they find it.

Nothing here uses pandas, yet it would take 50 MB of memory, half of it never shared.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _NoPandas(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname == "pandas":
            raise ModuleNotFoundError("pandas is not used in this process", name=fullname)
        return None


def do_without_pandas() -> None:
    """Call it before the first import of the store's libraries."""
    sys.meta_path.insert(0, _NoPandas())
