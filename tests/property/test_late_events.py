"""An event resent at any time after it was received is stored once, though keys are forgotten."""

from hypothesis import example, given
from hypothesis import strategies as st

from hedgerow.core import limits
from hedgerow.ingest.dedupe import DAY_US
from hedgerow.ingest.late import forgotten_before_us, is_late
from hedgerow.wire.timestamps import event_time

NOW_US = 1_780_000_000_000_000
FIRST_DAY = NOW_US // DAY_US
SKEW_US = DAY_US


@given(
    st.integers(0, 60 * DAY_US),
    st.integers(-60 * DAY_US, 60 * DAY_US),
    st.integers(0, SKEW_US),
)
@example(0, -23 * 3_600_000_000, SKEW_US)
@example(8 * DAY_US, 0, 0)
@example(9 * DAY_US, -23 * 3_600_000_000, SKEW_US)
def test_who_is_forgotten_is_looked_for(resent_after_us: int, age_us: int, skew_us: int) -> None:
    """`skew_us`: the clock by which keys are forgotten may be ahead of the one that receives."""
    offset_ms = age_us // 1000  # negative: the event lies ahead of its first receipt
    timestamp_us = event_time(NOW_US, None, offset_ms, None)
    resent_us = NOW_US + resent_after_us
    forgetting_day = (resent_us + skew_us) // DAY_US
    is_forgotten = forgetting_day - limits.DEDUPE_WINDOW_DAYS > FIRST_DAY

    if is_forgotten:
        assert is_late(timestamp_us // DAY_US, resent_us // DAY_US)
        assert forgotten_before_us(resent_us) > NOW_US


@given(st.integers(-1, 6))
def test_an_event_of_these_days_costs_no_look_into_the_store(age_days: int) -> None:
    assert not is_late(FIRST_DAY - age_days, FIRST_DAY)
