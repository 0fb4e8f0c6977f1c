"""Logs as JSON lines on standard error: ids, outcomes, labels and times, never a message's text, a token or a secret."""

import logging
import re
import sys
import traceback
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_TOKEN = re.compile(r"\d{4,}:[A-Za-z0-9_-]{16,}")

NOISY = ("httpx", "httpcore", "aiohttp.access", "uvicorn.access")
"""Their lines hold addresses with the bot's token, or what people searched for."""


def configure(level: str) -> None:
    """Set up logging for a long-running command; uvicorn is to be started with `log_config=None`."""
    for name in NOISY:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=_RENDER, foreign_pre_chain=_COMMON))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    structlog.configure(
        processors=[*_COMMON, *_RENDER],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def silence() -> None:
    """No logs at all, for commands that talk to a person in the terminal."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)


def _trace(_: Any, __: str, event: EventDict) -> EventDict:  # noqa: ANN401 - any logger
    """An exception as its type and the places it went through: its words may repeat what a person wrote."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error_type"] = type(error).__name__
        event["trace"] = [
            f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def _redact(_: Any, __: str, event: EventDict) -> EventDict:  # noqa: ANN401 - any logger
    """Nothing that looks like a bot's token, wherever it came from."""
    return {name: _TOKEN.sub("[token]", v) if isinstance(v, str) else v for name, v in event.items()}


def _first_line(_: Any, __: str, event: EventDict) -> EventDict:  # noqa: ANN401 - any logger
    """A record of another library: its first line, since asyncio adds an exception's words below."""
    event.pop("_record", None)
    if event.pop("_from_structlog", True) is False:
        event["event"] = str(event.get("event", "")).partition("\n")[0]
    return event


_COMMON: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
_RENDER: list[Processor] = [
    _first_line,
    _trace,
    _redact,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]
