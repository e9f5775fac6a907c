"""What the names of an event's properties tell, before anybody looks at the values.

Events of one kind have the same names in the same order, so it is found out once for all of them.
"""

from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from hedgerow.people.person_properties import initial_names, lifted_names

REMEMBERED: Final = 1024
# Beyond this many, names are more likely made up for each event.
_REMEMBERED_NAMES_MAX: Final = 200
_PERSON_CHANGES: Final = ("$set", "$set_once", "$unset")
# With these, what is lifted depends on more than the names.
_LIFTED_WITH_CARE: Final = ("$is_server", "$os_name")


class PropertyNames:
    """Compared by identity: the same names are the same object, as long as they are remembered."""

    __slots__ = ("all", "change_person", "initial", "lifted", "lifted_values")

    def __init__(self, names: tuple[str, ...]) -> None:
        self.all = frozenset(names)
        self.change_person = not self.all.isdisjoint(_PERSON_CHANGES)
        # What is lifted to the person (ingestion §5), what it is called at first touch, and how to
        # get the values; None where that is for `people.person_properties.lift` to decide.
        self.lifted = lifted_names(names, is_server=False)
        self.initial = initial_names(self.lifted)
        self.lifted_values: Callable[[dict[str, Any]], tuple[Any, ...]] | None = None
        # Of a single name, `itemgetter` would give the value itself.
        if len(self.lifted) > 1 and self.all.isdisjoint(_LIFTED_WITH_CARE):
            self.lifted_values = itemgetter(*self.lifted)


_remembered = lru_cache(maxsize=REMEMBERED)(PropertyNames)


def property_names(properties: dict[str, Any]) -> PropertyNames:
    names = tuple(properties)
    return _remembered(names) if len(names) <= _REMEMBERED_NAMES_MAX else PropertyNames(names)
