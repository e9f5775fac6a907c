"""Parts of the web app in a real browser; each script of web/e2e says what is done."""

from collections.abc import Callable

import pytest

WALK_SECONDS_MAX = 600
Walk = Callable[[str], None]


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_cohorts_are_made_and_persons_split_and_deleted(walk: Walk) -> None:
    walk("walk-people.mjs")


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_charts_say_what_happened_when(walk: Walk) -> None:
    walk("walk-annotations.mjs")


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_the_feed_is_read_by_properties_and_cookieless_visitors_are_switched_on(walk: Walk) -> None:
    walk("walk-feed.mjs")
