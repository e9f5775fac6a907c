"""Logging: one JSON line an event, on standard error."""

import logging
import sys

import structlog

VALUE_CHARS_MAX = 256


def _bounded(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Client text may end up in a value: cut it. JSON escapes its control characters."""
    for key, value in event.items():
        if isinstance(value, str) and key != "exception" and len(value) > VALUE_CHARS_MAX:
            event[key] = value[:VALUE_CHARS_MAX] + "…"
    return event


def configure_logging(process: str, level: str) -> None:
    """Called once, at the start of each process."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _bounded,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.bind_contextvars(process=process)
    logging.basicConfig(level=max(number, logging.WARNING), stream=sys.stderr)
