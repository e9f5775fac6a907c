"""How long insights take, each beside the same question in SQL written by hand.

    python -m bench.insights --events 1000000
    python -m bench.insights --events 10000000 --copies 10 --data DIR --only funnel

Events come from `insight_store.py`; the answers are checked against what is known by construction.
`--data` keeps them for the next run. Prints the median and the p95 of ten warm runs, the processor
time of ours, the most memory that the process took meanwhile, and the ratio of the processor times.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bench.insight_questions import CONTEXT, LARGER_QUESTIONS, QUESTIONS, Question, trends
from bench.insight_store import PROMOTED, read_answers, store_folder

from hedgerow.query.insight_runner import plan_insight, run_plan
from hedgerow.query.insights.context import InsightContext
from hedgerow.query.runner import QueryLimits, QueryRunner
from hedgerow.query.sql import PreparedQuery
from hedgerow.store.client import connect
from hedgerow.store.promoted import PromotedProperties

RUNS: Final = 10
_ROW: Final = "{:<34}{:>10}{:>10}{:>10}{:>10}{:>10}{:>11}"


@dataclass(slots=True)
class Cost:
    clock_ms: list[float]
    processor_ms: float
    memory_peak_mib: int

    @property
    def p95_ms(self) -> float:
        return statistics.quantiles(self.clock_ms, n=20, method="inclusive")[-1]


def measured(run: Callable[[], object]) -> Cost:
    """Warm runs; the first is not counted."""
    run()
    Path("/proc/self/clear_refs").write_text("5")  # the peak of memory begins anew
    clocks = []
    before = _processor_seconds()
    for _ in range(RUNS):
        started = time.perf_counter()
        run()
        clocks.append((time.perf_counter() - started) * 1000)
    processor_ms = (_processor_seconds() - before) * 1000 / RUNS
    return Cost(clocks, processor_ms, _memory_peak_mib())


def _processor_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _memory_peak_mib() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) // 1024


def check(runner: QueryRunner, known: dict[str, Any]) -> None:
    """Raises AssertionError where an answer is not the one known by construction."""

    def results(query: dict[str, Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = run_plan(runner, plan_insight(query, CONTEXT)).results
        return found

    (total,) = results(trends("total"))
    assert total["data"] == known["by_day"]
    for breakdown in ("$browser", "plan"):
        for item in results(trends("dau", breakdown)):
            value = item["breakdown_value"]
            assert item["data"] == known[breakdown][value], value


def report(runner: QueryRunner, only: str) -> None:
    print(
        _ROW.format("question", "median", "p95", "cpu", "memory", "by hand", "cpu ratio"),
        flush=True,
    )
    for question in (*QUESTIONS, *LARGER_QUESTIONS):
        if only in question.name:
            _report_one(runner, question)


def _report_one(runner: QueryRunner, question: Question) -> None:
    plan = plan_insight(question.query, _context(question))
    ours = measured(lambda: run_plan(runner, plan))
    sql = question.by_hand
    if question.promoted:
        sql = sql.replace("{plan}", PROMOTED.column)
    prepared = PreparedQuery(sql, runner.limits.rows_max, 0, None)
    by_hand = measured(lambda: runner.run(prepared))
    print(
        _ROW.format(
            question.name,
            f"{statistics.median(ours.clock_ms):.0f} ms",
            f"{ours.p95_ms:.0f} ms",
            f"{ours.processor_ms:.0f} ms",
            f"{ours.memory_peak_mib} MiB",
            f"{statistics.median(by_hand.clock_ms):.0f} ms",
            f"{ours.processor_ms / by_hand.processor_ms:.2f}",
        ),
        flush=True,
    )


def _context(question: Question) -> InsightContext:
    if not question.promoted:
        return CONTEXT
    return replace(CONTEXT, promoted=PromotedProperties([PROMOTED]))


def _load(folder: Path, asked: argparse.Namespace) -> None:
    """In a process of its own, whose memory is not measured."""
    wanted = ["--events", asked.events, "--copies", asked.copies, "--seed", asked.seed, folder]
    command = [sys.executable, "-m", "bench.insight_store", *map(str, wanted)]
    subprocess.run(command, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--copies", type=int, default=1, help="how many times the same events")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, help="a folder to keep the events in")
    parser.add_argument("--only", default="", help="questions with this in their name")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = asked.data or Path(name)
        _load(folder, asked)
        known = read_answers(folder)
        limits = QueryLimits(seconds_max=120)
        runner = QueryRunner(lambda: connect(store_folder(folder)), limits)
        check(runner, known)
        print(f"{asked.events} events, {known['merges']} merges; answers as known")
        report(runner, asked.only)
        runner.close()


if __name__ == "__main__":
    main()
