"""What the edge counts, and its Prometheus text."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from hedgerow.edge.admission import InFlightBudget


class EdgeCounters:
    """Counters of one edge process; its registry is its own, so tests can build many."""

    def __init__(self, budget: InFlightBudget) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "hedgerow_capture_requests_total",
            "Capture requests by the status they were answered with.",
            ["status"],
            registry=self.registry,
        )
        self.events = Counter(
            "hedgerow_capture_events_total",
            "Events acknowledged as durable.",
            registry=self.registry,
        )
        self.batch_size = Histogram(
            "hedgerow_capture_batch_size_events",
            "Events in an acknowledged request.",
            buckets=(1, 2, 5, 10, 25, 50, 100, 250, 1000),
            registry=self.registry,
        )
        self.flag_requests = Counter(
            "hedgerow_flag_requests_total",
            "Feature flag requests by the status they were answered with.",
            ["status"],
            registry=self.registry,
        )
        self.flag_questions = Counter(
            "hedgerow_flag_core_questions_total",
            "Flag requests that needed the core, by whether it answered in time.",
            ["answered"],
            registry=self.registry,
        )
        in_flight = Gauge(
            "hedgerow_capture_in_flight_bytes",
            "Bytes of requests not yet answered.",
            registry=self.registry,
        )
        in_flight.set_function(lambda: budget.used_bytes)
        self._accepted = self.requests.labels("200")

    def acknowledged(self, events: int) -> None:
        self._accepted.inc()
        self.events.inc(events)
        self.batch_size.observe(events)

    def answered(self, status: int) -> None:
        self.requests.labels(str(status)).inc()

    def flags_answered(self, status: int) -> None:
        self.flag_requests.labels(str(status)).inc()

    def flags_asked(self, *, answered: bool) -> None:
        self.flag_questions.labels("yes" if answered else "no").inc()

    def exposition(self) -> bytes:
        return generate_latest(self.registry)
