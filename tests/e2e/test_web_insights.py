"""Insights, dashboards and web analytics in a real browser, on the demo shop."""

from collections.abc import Callable

import pytest

WALK_SECONDS_MAX = 600


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_every_insight_and_dashboard_shows_the_numbers_of_the_api(
    walk: Callable[..., None],
) -> None:
    """`web/e2e/walk-insights.mjs` says what is done, with axe on each page."""
    walk("walk-insights.mjs", with_demo=True)
