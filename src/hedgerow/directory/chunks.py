"""Long lists of values, cut so that one statement never has too many parameters."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

# SQLite built with its old default refuses more than 999 in one statement.
PARAMETERS_MAX = 900

Item = TypeVar("Item")


def chunks(items: Iterable[Item], size: int = PARAMETERS_MAX) -> Iterator[list[Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
