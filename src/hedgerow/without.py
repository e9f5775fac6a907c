"""Keeps modules out of a process whose libraries import them wherever they find them.

Nothing here uses them, yet they would stay in memory for as long as the server runs.
"""

import sys
from collections.abc import Collection, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Without(MetaPathFinder):
    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        del path, target
        if fullname in self._names:
            raise ModuleNotFoundError(f"{fullname} is not used in this process", name=fullname)
        return None


def do_without(*names: str) -> None:
    """Call it before the first import of the libraries that would import them."""
    sys.meta_path.insert(0, _Without(names))
