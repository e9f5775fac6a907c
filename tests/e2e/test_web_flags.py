"""Feature flags and surveys in the web app, in a real browser, obeyed by a real server."""

from collections.abc import Callable

import pytest

WALK_SECONDS_MAX = 600


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_what_is_switched_on_the_page_is_what_sdks_are_told(walk: Callable[[str], None]) -> None:
    """`web/e2e/walk-flags.mjs` says what is done: a flag is made, tried on people, changed,
    switched, deleted and brought back, each time with what `/flags` then answers; with axe, in
    light and dark and on a phone, and with hostile values.
    """
    walk("walk-flags.mjs")


@pytest.mark.timeout(WALK_SECONDS_MAX)
def test_a_survey_made_on_the_page_is_asked_and_its_answers_are_read(
    walk: Callable[[str], None],
) -> None:
    """`web/e2e/walk-surveys.mjs` says what is done: a survey is made, launched, shown by posthog-js
    and answered there, stopped, resumed and archived, each time with what SDKs are then told; the
    results have the API's digits; with axe, in light and dark and on a phone, and with hostile
    values.
    """
    walk("walk-surveys.mjs")
