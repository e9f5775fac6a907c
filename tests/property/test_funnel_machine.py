"""The funnel's arrays give what the machine of read-api §4.3 gives, event by event."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

WINDOW_MINUTES = 10
NAMES = ("a", "b", "c", "cancel", "other")

Event = tuple[str, int, str]  # actor, minute, name


@dataclass
class Attempt:
    """`times` are of the steps it reached."""

    times: list[int]
    is_tainted: bool = False


@dataclass
class Machine:
    """One actor's events, in order, as the specification puts it."""

    steps: Sequence[str]
    exclusions: Sequence[tuple[str, int, int]] = ()
    is_strict: bool = False
    latest: dict[int, Attempt] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)

    def see(self, minute: int, name: str) -> None:
        for excluded, from_step, to_step in self.exclusions:
            if name == excluded:
                self._taint(minute, from_step, to_step)
        for step in reversed(range(len(self.steps))):
            if self.steps[step] == name:
                self._reach(step, minute)
        if self.is_strict:
            for step in list(self.latest):
                if self.steps[step] != name:
                    del self.latest[step]

    def _reach(self, step: int, minute: int) -> None:
        if step == 0:
            self.latest[0] = Attempt([minute])
            self.attempts.append(self.latest[0])
            return
        before = self.latest.get(step - 1)
        if before is None or before.is_tainted or len(before.times) > step:
            return
        if minute - before.times[0] <= WINDOW_MINUTES:
            before.times.append(minute)
            self.latest[step] = before

    def _taint(self, minute: int, from_step: int, to_step: int) -> None:
        for attempt in self.attempts:
            reached = len(attempt.times) - 1
            in_window = minute - attempt.times[0] <= WINDOW_MINUTES
            if from_step <= reached < to_step and in_window and minute > attempt.times[-1]:
                attempt.is_tainted = True

    def outcome(self) -> list[int] | None:
        """The times of the attempt that counts; None for an actor that is not in the funnel."""
        if not self.attempts:
            return None
        clean = [attempt for attempt in self.attempts if not attempt.is_tainted]
        tainted = [attempt for attempt in self.attempts if attempt.is_tainted]
        depth = max((len(attempt.times) for attempt in clean), default=0)
        if max((len(attempt.times) for attempt in tainted), default=0) > depth:
            return None
        deepest = [attempt.times for attempt in clean if len(attempt.times) == depth]
        return min(deepest, key=lambda times: (times[-1], -times[0]), default=None)


def any_order(steps: Sequence[str], events: Sequence[tuple[int, str]]) -> list[int] | None:
    """The attempt with the most steps that starts first."""
    best: list[int] = []
    for start, _ in events:
        times = []
        for name in steps:
            later = [minute for minute, seen in events if seen == name and minute >= start]
            if later and later[0] - start <= WINDOW_MINUTES:
                times.append(later[0])
        ends_first = len(times) == len(best) and max(times, default=0) < max(best, default=0)
        if len(times) > len(best) or ends_first:
            best = times
    return sorted(best) or None


def expected_steps(found: Sequence[list[int] | None], count: int) -> list[tuple[int, float | None]]:
    """(how many, average seconds from the step before) for each step."""
    reached = [times for times in found if times]
    result: list[tuple[int, float | None]] = []
    for step in range(count):
        here = [times for times in reached if len(times) > step]
        waits = [(times[step] - times[step - 1]) * 60 for times in here] if step else []
        result.append((len(here), sum(waits) / len(waits) if waits else None))
    return result


def answer_of(
    engine: Any,
    events: Sequence[Event],
    names: Sequence[str],
    interval: str = "day",
    **funnels_filter: Any,
) -> Any:
    query = {
        "kind": "FunnelsQuery",
        "dateRange": {
            "date_from": "2026-03-02T00:00:00Z",
            "date_to": "2026-03-02T01:00:00Z",
            "explicitDate": True,
        },
        "interval": interval,
        "series": [{"kind": "EventsNode", "event": name} for name in names],
        "funnelsFilter": {
            "funnelWindowInterval": WINDOW_MINUTES,
            "funnelWindowIntervalUnit": "minute",
            **funnels_filter,
        },
    }
    return engine.answer(events, query)


def steps_of(
    engine: Any, events: Sequence[Event], names: Sequence[str], **funnels_filter: Any
) -> list[tuple[int, float | None]]:
    results = answer_of(engine, events, names, **funnels_filter)
    return [(item["count"], item["average_conversion_time"]) for item in results]


def _actors_events(minutes: st.SearchStrategy[list[int]]) -> st.SearchStrategy[list[Event]]:
    def of_one(actor: str) -> st.SearchStrategy[list[Event]]:
        return minutes.flatmap(
            lambda times: st.lists(
                st.sampled_from(NAMES), min_size=len(times), max_size=len(times)
            ).map(lambda names: list(zip([actor] * len(times), sorted(times), names, strict=True)))
        )

    return st.tuples(*(of_one(actor) for actor in ("u1", "u2", "u3"))).map(
        lambda each: [event for events in each for event in events]
    )


# Times of one actor all differ: of events at one moment, several orders are right.
EVENTS = _actors_events(st.lists(st.integers(0, 40), min_size=1, max_size=12, unique=True))
STEPS = st.sampled_from([("a", "b"), ("a", "b", "c"), ("a", "a", "b"), ("a", "b", "a"), ("a", "a")])


def by_actor(events: Sequence[Event]) -> list[list[tuple[int, str]]]:
    actors = sorted({actor for actor, _, _ in events})
    return [[(minute, name) for seen, minute, name in events if seen == actor] for actor in actors]


def run_machines(events: Sequence[Event], make: Callable[[], Machine]) -> list[list[int] | None]:
    outcomes = []
    for history in by_actor(events):
        machine = make()
        for minute, name in history:
            machine.see(minute, name)
        outcomes.append(machine.outcome())
    return outcomes


def assert_same(
    found: list[tuple[int, float | None]], expected: list[tuple[int, float | None]]
) -> None:
    assert [count for count, _ in found] == [count for count, _ in expected]
    assert [mean for _, mean in found] == pytest.approx([mean for _, mean in expected])


@settings(max_examples=60, deadline=None)
@given(events=EVENTS, steps=STEPS)
def test_an_ordered_funnel_is_the_machine(
    engine: Any, events: list[Event], steps: tuple[str, ...]
) -> None:
    found = run_machines(events, lambda: Machine(steps))
    assert_same(steps_of(engine, events, steps), expected_steps(found, len(steps)))


@settings(max_examples=60, deadline=None)
@given(events=EVENTS, steps=STEPS)
def test_a_strict_funnel_is_the_machine_that_any_other_event_resets(
    engine: Any, events: list[Event], steps: tuple[str, ...]
) -> None:
    found = run_machines(events, lambda: Machine(steps, is_strict=True))
    expected = expected_steps(found, len(steps))
    assert_same(steps_of(engine, events, steps, funnelOrderType="strict"), expected)


@settings(max_examples=60, deadline=None)
@given(events=EVENTS, bounds=st.sampled_from([(0, 1), (1, 2), (0, 2)]))
def test_an_exclusion_taints_the_attempts_that_it_falls_into(
    engine: Any, events: list[Event], bounds: tuple[int, int]
) -> None:
    steps = ("a", "b", "c")
    found = run_machines(events, lambda: Machine(steps, exclusions=[("cancel", *bounds)]))
    exclusion = {"event": "cancel", "funnelFromStep": bounds[0], "funnelToStep": bounds[1]}
    expected = expected_steps(found, len(steps))
    assert_same(steps_of(engine, events, steps, exclusions=[exclusion]), expected)


@settings(max_examples=40, deadline=None)
@given(events=EVENTS, steps=st.sampled_from([("a", "b"), ("a", "b", "c"), ("c", "a")]))
def test_a_funnel_in_any_order_finds_the_most_steps_in_one_window(
    engine: Any, events: list[Event], steps: tuple[str, ...]
) -> None:
    found = [any_order(steps, history) for history in by_actor(events)]
    expected = [count for count, _ in expected_steps(found, len(steps))]
    unordered = steps_of(engine, events, steps, funnelOrderType="unordered")
    assert [count for count, _ in unordered] == expected


@settings(max_examples=40, deadline=None)
@given(
    events=EVENTS,
    steps=st.sampled_from([("a", "b"), ("a", "b", "c")]),
    order=st.sampled_from(["ordered", "strict"]),
)
def test_over_time_each_interval_has_the_machine_of_those_who_enter_in_it(
    engine: Any, events: list[Event], steps: tuple[str, ...], order: str
) -> None:
    """Intervals are minutes here; a conversion counts for each interval that it may start in."""
    entered: Counter[int] = Counter()
    converted: Counter[int] = Counter()
    for history in by_actor(events):
        for entry in {minute for minute, name in history if name == "a"}:
            machine = Machine(steps, is_strict=order == "strict")
            for minute, name in history:
                machine.see(minute, "no entry" if name == "a" and minute != entry else name)
            entered[entry] += 1
            converted[entry] += len(machine.outcome() or []) == len(steps)
    (line,) = answer_of(
        engine,
        events,
        steps,
        interval="minute",
        funnelVizType="trends",
        funnelOrderType=order,
    )
    data = dict(enumerate(line["data"]))
    expected = {minute: round(100 * converted[minute] / n, 2) for minute, n in entered.items()}
    assert {minute: data[minute] for minute in entered} == expected
    assert line["count"] == sum(entered.values())


def test_events_at_one_moment_are_not_held_against_each_other(engine: Any) -> None:
    together = [("u1", 1, "b"), ("u1", 1, "a"), ("u1", 1, "other")]
    assert steps_of(engine, together, ("a", "b")) == [(1, None), (1, 0)]
    assert steps_of(engine, together, ("a", "b"), funnelOrderType="strict") == [(1, None), (1, 0)]


@pytest.mark.parametrize("order", ["ordered", "unordered"])
def test_a_funnel_may_have_thirty_steps(engine: Any, order: str) -> None:
    """More than fit beside the time into a number of 64 bits."""
    names = [f"step {number}" for number in range(30)]
    events = [("u1", minute, name) for minute, name in enumerate(names)]
    events += [("u2", minute, name) for minute, name in enumerate(names[:20])]

    found = steps_of(engine, events, names, funnelWindowInterval=60, funnelOrderType=order)

    assert [count for count, _ in found] == [2] * 20 + [1] * 10
    assert {mean for _, mean in found[1:]} == {60}
