"""The attempts of each actor to go through a funnel, as array expressions (read-api §4.3).

The machine of the specification keeps, for each step, the latest attempt that reached it, and an
event of a step takes on the attempt that waits at the step before. Here it runs over all events of
an actor at once, step by step instead of event by event: `marks` has, for each event, the attempt
that reaches the present step with it; carried forward over the events behind it, that is who waits
there. So the work is a few passes over flat arrays, however many events an actor has.

A mark is a tuple: the number of its event from 1 (0 for none, -1 where a strict funnel forgets
who waits), the event that decides the breakdown, and the moments of the steps so far.

An attempt is a tuple: whether an exclusion tainted it, how many steps are missing, the moment of
its last step, minus the moment of its first, the moments of all its steps, and the event that
decides its breakdown. So the smallest of an actor's attempts is its best: clean before tainted,
deep before short, and the one that got there first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insights.funnel_keys import MOMENT_BITS, FunnelKeys
from hedgerow.query.insights.funnel_nodes import FunnelsNode

IS_TAINTED: Final = 1
STEPS_MISSING: Final = 2
END: Final = 3
MINUS_START: Final = 4
MOMENTS: Final = 5
DECIDING_EVENT: Final = 6

_NO_KEY: Final = f"toUInt128({2**120})"

# Where the moment of the first step stands in a mark.
_START: Final = 3
_CARRIED: Final = ("actor", "breakdown", "keys", "moments")


def attempts_by_actor(
    node: FunnelsNode,
    keys: FunnelKeys,
    events: Select,
    *,
    decided_by_step: bool,
    by_entry: bool = False,
) -> Select:
    """Columns actor, breakdown, attempts and, where a step decides it, breakdowns.

    `by_entry` takes events by interval of entry, and adds the column bucket.
    """
    carried = {name: Sql(name) for name in events.columns}
    moments = Sql(f"arrayMap(key -> {keys.moment('key')}, keys)")
    timed = Select(columns={**carried, "moments": moments}, source=events)
    if node.funnels_filter.order == "unordered":
        return _unordered_attempts(node, keys, timed, by_entry=by_entry)
    chains = _Chains(node, keys, decided_by_step=decided_by_step, by_entry=by_entry)
    return chains.attempts(timed)


def next_after(values: Sql) -> Sql:
    """For each event the value at the event after it; 0 for the last."""
    return Sql(f"arrayPushBack(arrayPopFront({values}), toInt64(0))")


def next_known(values: Sql) -> Sql:
    """Each 0 becomes the nearest value behind it that is not 0."""
    return Sql(f"arrayReverseFill(item -> item != 0, {values})")


def _last_before(values: Sql) -> Sql:
    """For each event the last value before it that is not 0; 0 where there is none."""
    return Sql(f"arrayPushFront(arrayPopBack(arrayFill(item -> item != 0, {values})), toInt64(0))")


@dataclass(frozen=True, slots=True)
class _Chains:
    """Steps in order; a strict funnel lets no other event of the actor come between.

    Steps are numbered from 1 here, as in the arrays.
    """

    node: FunnelsNode
    keys: FunnelKeys
    decided_by_step: bool
    by_entry: bool

    @property
    def _count(self) -> int:
        return len(self.node.series)

    @property
    def _is_strict(self) -> bool:
        return self.node.funnels_filter.order == "strict"

    @property
    def _deciding_step(self) -> int:
        """The step whose event decides the breakdown; 0 for none."""
        return self.node.attribution_step + 1 if self.decided_by_step else 0

    def _exclusions_after(self, step: int) -> int:
        """The bits of the exclusions that may not follow this step before the next."""
        return sum(
            1 << index
            for index, item in enumerate(self.node.exclusions)
            if item.from_step < step <= item.to_step
        )

    def _names(self) -> list[str]:
        names = list(_CARRIED)
        if self.decided_by_step:
            names.append("breakdowns")
        if self.by_entry:
            names += ["bucket", "may_start"]
        if self._is_strict:
            names.append("ties")
        return names

    def attempts(self, events: Select) -> Select:
        select = self._with_ties(events) if self._is_strict else events
        carried = {name: Sql(name) for name in self._names()}
        select = Select(columns={**carried, "marks_1": self._first_marks()}, source=select)
        for step in range(2, self._count + 1):
            carried[f"marks_{step - 1}"] = Sql(f"marks_{step - 1}")
            select = self._next_marks(step, carried, select)
        shown = [
            name for name in ("actor", "breakdown", "breakdowns", "bucket") if name in self._names()
        ]
        if not self.node.exclusions:
            select = self._with_best_only(shown, select)
        made = ", ".join(self._made(step) for step in range(1, self._count + 1))
        return Select(
            columns={
                **{name: Sql(name) for name in shown},
                "attempts": Sql(f"arrayConcat({made})"),
            },
            source=select,
        )

    def _with_best_only(self, shown: Sequence[str], marks: Select) -> Select:
        """Of the marks those that may be the best attempt: at the deepest step, the first to get
        there, and of those the last to start. To make a tuple of every mark costs as much as all
        the rest. Where an exclusion taints attempts, the others count too.
        """
        steps = range(1, self._count + 1)
        keys = {f"key_{step}": self._keys(step) for step in steps}
        carried = {name: Sql(name) for name in shown}
        keyed = Select(
            columns={**carried, **{f"marks_{n}": Sql(f"marks_{n}") for n in steps}, **keys},
            source=marks,
        )
        kept = {}
        for step in steps:
            deeper = [f"arrayMin(key_{n}) = {_NO_KEY}" for n in range(step + 1, self._count + 1)]
            is_best = f"key = arrayMin(key_{step}) AND key != {_NO_KEY}"
            condition = " AND ".join((is_best, *deeper))
            kept[f"marks_{step}"] = Sql(
                f"arrayFilter((mark, key) -> {condition}, marks_{step}, key_{step})"
            )
        return Select(columns={**carried, **kept}, source=keyed)

    @staticmethod
    def _keys(step: int) -> Sql:
        """A number for each mark, the smaller the better."""
        end, start = f"tupleElement(mark, {_START + step - 1})", f"tupleElement(mark, {_START})"
        key = f"bitShiftLeft(toUInt128({end}), {MOMENT_BITS}) + ({2**MOMENT_BITS - 1} - {start})"
        return Sql(
            f"arrayMap(mark -> if(tupleElement(mark, 1) > 0, {key}, {_NO_KEY}), marks_{step})"
        )

    def _with_ties(self, events: Select) -> Select:
        """`ties` marks events at one moment that differ in their steps: none resets another."""
        is_edge = "(moment, other) -> moment != other"
        before = "arrayPushFront(arrayPopBack(moments), toInt64(0))"
        first = f"arrayMap({is_edge}, moments, {before})"
        last = f"arrayMap({is_edge}, moments, {next_after(Sql('moments'))})"
        steps = self.keys.matched_steps("key")
        mark = f"arrayMap((is_edge, key) -> if(is_edge, toInt64({steps}) + 1, 0)"
        ties = (
            f"arrayMap((first, last) -> first != last, "
            f"arrayFill(item -> item != 0, {mark}, {first}, keys)), "
            f"{next_known(Sql(f'{mark}, {last}, keys)'))})"
        )
        names = [name for name in self._names() if name != "ties"]
        return Select(
            columns={**{name: Sql(name) for name in names}, "ties": Sql(ties)}, source=events
        )

    def _first_marks(self) -> Sql:
        """Every event of the first step starts an attempt."""
        deciding = "event" if self._deciding_step == 1 else "0"
        mark = f"(toInt64(event), toInt64({deciding}), moment)"
        arguments, arrays = "event, moment", "arrayEnumerate(keys), moments"
        condition: str = self.keys.has_step("key", 0)
        if self.by_entry:
            arguments, arrays = f"{arguments}, may_start", f"{arrays}, may_start"
            condition = f"{condition} AND may_start"
        return self._marks(1, arguments, condition, mark, arrays)

    def _next_marks(self, step: int, carried: dict[str, Sql], source: Select) -> Select:
        """Who reaches this step with each event: whoever waits at the step before, once."""
        waiting = self._waiting_at(step - 1)
        arguments, arrays = "moment, waiting", "moments, waiting"
        condition = [
            self.keys.has_step("key", step - 1),
            "tupleElement(waiting, 1) > 0",
            f"moment - tupleElement(waiting, {_START}) <= {self.node.window_us}",
        ]
        excluding = self._exclusions_after(step - 1)
        with_waiting = {**carried, "waiting": waiting}
        if excluding:
            with_waiting["excluded"] = _last_before(self._exclusions(excluding))
            arguments, arrays = f"{arguments}, excluded", f"{arrays}, excluded"
            reached_before = f"tupleElement(waiting, {_START + step - 2})"
            condition.append(f"excluded <= {reached_before}")
        able = " AND ".join(condition)
        candidates = (
            f"arrayMap((key, {arguments}) -> if({able}, tupleElement(waiting, 1), 0), "
            f"keys, {arrays})"
        )
        moments = ", ".join(f"tupleElement(waiting, {_START + index})" for index in range(step - 1))
        deciding = "event" if self._deciding_step == step else "tupleElement(waiting, 2)"
        mark = f"(toInt64(event), toInt64({deciding}), {moments}, moment)"
        marks = self._marks(
            step,
            f"event, taken, {arguments}",
            f"{able} AND taken != tupleElement(waiting, 1)",
            mark,
            f"arrayEnumerate(keys), {_last_before(Sql(candidates))}, {arrays}",
        )
        return Select(
            columns={**carried, f"marks_{step}": marks},
            source=Select(columns=with_waiting, source=source),
        )

    def _marks(self, step: int, arguments: str, condition: str, mark: str, arrays: str) -> Sql:
        none = self._no_mark(step, 0)
        if not self._is_strict:
            return Sql(
                f"arrayMap((key, {arguments}) -> if({condition}, {mark}, {none}), keys, {arrays})"
            )
        # An event of this very step leaves who waits here; any other sends them away.
        stays = f"{self.keys.has_step('key', step - 1)} OR tie"
        if self.by_entry and step == 1:
            # An entry of another interval is any other event.
            stays = f"({stays}) AND may_start"
        return Sql(
            f"arrayMap((key, tie, {arguments}) -> multiIf({condition}, {mark}, "
            f"{stays}, {none}, {self._no_mark(step, -1)}), keys, ties, {arrays})"
        )

    @staticmethod
    def _no_mark(step: int, sign: int) -> str:
        fields = ["toInt64(0)"] * (step + 1)
        return f"(toInt64({sign}), {', '.join(fields)})"

    def _waiting_at(self, step: int) -> Sql:
        known = f"arrayFill(mark -> tupleElement(mark, 1) != 0, marks_{step})"
        return Sql(f"arrayPushFront(arrayPopBack({known}), {self._no_mark(step, 0)})")

    def _exclusions(self, bits: int) -> Sql:
        excluded = f"bitAnd({self.keys.matched_exclusions('key')}, {bits}) > 0"
        return Sql(f"arrayMap((key, moment) -> if({excluded}, moment, 0), keys, moments)")

    def _made(self, step: int) -> str:
        """The attempts that came to this step, also those that went on."""
        moments = ", ".join(f"tupleElement(mark, {_START + index})" for index in range(step))
        end, start = f"tupleElement(mark, {_START + step - 1})", f"tupleElement(mark, {_START})"
        is_tainted, arguments, arrays = "0", "mark", f"marks_{step}"
        excluding = 0 if step == self._count else self._exclusions_after(step)
        if excluding:
            is_tainted = f"excluded > 0 AND excluded - {start} <= {self.node.window_us}"
            arguments, arrays = (
                "mark, excluded",
                f"{arrays}, {next_after(next_known(self._exclusions(excluding)))}",
            )
        attempt = _attempt_tuple(
            is_tainted,
            str(self._count - step),
            end,
            start,
            f"[{moments}]",
            "tupleElement(mark, 2)",
        )
        made = f"arrayMap(({arguments}) -> {attempt}, {arrays})"
        return f"arrayFilter((attempt, mark) -> tupleElement(mark, 1) > 0, {made}, marks_{step})"


def _attempt_tuple(  # noqa: PLR0913, PLR0917 - the tuple's own order
    is_tainted: str, missing: str, end: str, start: str, moments: str, deciding: str
) -> Sql:
    return Sql(
        f"(toUInt8({is_tainted}), toUInt8({missing}), toInt64({end}), -toInt64({start}), "
        f"{moments}, toUInt32({deciding}))"
    )


def _unordered_attempts(
    node: FunnelsNode, keys: FunnelKeys, events: Select, *, by_entry: bool
) -> Select:
    """An attempt may start with an event of any step: step k is reached with any k of them."""
    count, window = len(node.series), node.window_us
    names = (*_CARRIED, *(("bucket", "may_start") if by_entry else ()))
    columns = {name: Sql(name) for name in names}
    select = events
    for index, series in enumerate(node.series):
        earlier = [n for n in range(index) if node.series[n] == series]
        found = "moment" if not earlier else "if(later > 0, later, -1)"
        # The same event in two steps takes two events: the second looks behind the first.
        later = next_after(Sql(f"next_{earlier[-1]}")) if earlier else Sql("moments")
        here = Sql(
            f"arrayMap((key, moment, later) -> if({keys.has_step('key', index)}, {found}, 0), "
            f"keys, moments, {later})"
        )
        select = Select(columns={**columns, f"next_{index}": next_known(here)}, source=select)
        columns[f"next_{index}"] = Sql(f"next_{index}")
    nexts = [f"next_{index}" for index in range(count)]
    in_window = f"arrayFilter(item -> item > 0 AND item - start <= {window}, [{', '.join(nexts)}])"
    taints = keys.matched_exclusions("key")
    excluded = f"arrayMap((key, moment) -> if({taints} > 0, moment, 0), keys, moments)"
    reached = Select(
        columns={
            **{name: Sql(name) for name in names},
            "reached": Sql(
                f"arrayMap((start, {', '.join(nexts)}) -> arraySort({in_window}), "
                f"moments, {', '.join(nexts)})"
            ),
            "excluded": next_after(next_known(Sql(excluded))),
        },
        source=select,
    )
    is_tainted = (
        f"excluded > 0 AND if(length(reached) = {count}, excluded < reached[-1], "
        f"excluded - start <= {window})"
    )
    attempt = _attempt_tuple(
        is_tainted, f"{count} - length(reached)", "reached[-1]", "start", "reached", "0"
    )
    made = f"arrayMap((start, reached, excluded) -> {attempt}, moments, reached, excluded)"
    is_step = keys.has_any_step("key")
    starts = f"arrayFilter((attempt, key) -> {is_step}"
    arrays = "keys"
    if by_entry:
        starts = f"arrayFilter((attempt, key, start) -> {is_step} AND start"
        arrays = "keys, may_start"
    return Select(
        columns={
            "actor": Sql("actor"),
            "breakdown": Sql("breakdown"),
            **({"bucket": Sql("bucket")} if by_entry else {}),
            "attempts": Sql(f"{starts}, {made}, {arrays})"),
        },
        source=reached,
    )
