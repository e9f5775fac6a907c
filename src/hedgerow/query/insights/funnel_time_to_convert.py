"""A funnel's time to convert, as a histogram (read-api §4.3)."""

from collections.abc import Sequence
from typing import Final

from hedgerow.query.fragments import Select, Sql
from hedgerow.query.insights.funnel import Funnel, shown_seconds
from hedgerow.query.insights.plan import Answer, Plan, Rows
from hedgerow.query.insights.series_items import whole

_US_PER_SECOND: Final = 1e6
# The middle of all values, between the two middle ones where their number is even.
_MEDIAN: Final = "quantileExactInclusive(0.5)"
_BINS_MAX: Final = 60
_BIN_WIDTH_OF_NOTHING: Final = 60


def plan_time_to_convert(funnel: Funnel) -> Plan:
    node = funnel.node
    first, last = node.from_step + 1, node.to_step + 1
    samples = Select(
        columns={"seconds": Sql(f"(moments[{last}] - moments[{first}]) / {_US_PER_SECOND}")},
        source=funnel.best_attempts(),
        where=(Sql(f"depth >= {last}"),),
    )
    whole_sample = Select(
        columns={
            "seconds": Sql("seconds"),
            "lowest": Sql("floor(min(seconds) OVER ())"),
            "highest": Sql("ceil(max(seconds) OVER ())"),
            "total": Sql("count() OVER ()"),
            "mean": Sql("avg(seconds) OVER ()"),
            "middle": Sql(f"{_MEDIAN}(seconds) OVER ()"),
        },
        source=samples,
    )
    asked = node.funnels_filter.bin_count
    bins = (
        str(asked)
        if asked is not None
        else f"least(greatest(toInt64(ceil(round(cbrt(total), 9))), 1), {_BINS_MAX})"
    )
    width = f"toInt64(ceil((highest - lowest) / ({bins})))"
    sized = Select(
        columns={
            **{name: Sql(name) for name in ("seconds", "lowest", "mean", "middle")},
            "bins": Sql(bins),
            "width": Sql(f"if({width} = 0, {_BIN_WIDTH_OF_NOTHING}, {width})"),
        },
        source=whole_sample,
    )
    statement = Select(
        columns={
            "bin": Sql("toInt64(floor((seconds - lowest) / width))"),
            "members": Sql("count()"),
            **{
                f"{name}_": Sql(f"any({name})")
                for name in ("lowest", "width", "bins", "mean", "middle")
            },
        },
        source=sized,
        group_by=(Sql("1"),),
    )

    def assemble(answers: Sequence[Rows]) -> Answer:
        (found,) = answers
        if not found:
            return Answer(
                {"average_conversion_time": None, "median_conversion_time": None, "bins": []}
            )
        _, _, lowest, width, bins, mean, middle = found[0]
        members = {row[0]: row[1] for row in found}
        return Answer(
            {
                "average_conversion_time": shown_seconds(mean),
                "median_conversion_time": shown_seconds(middle),
                "bins": [
                    [whole(lowest + width * index), members.get(index, 0)]
                    for index in range(int(bins) + 1)
                ],
            }
        )

    return Plan(statements=(statement,), assemble=assemble, range=funnel.range)
