"""What is counted for Prometheus: turns, what waits and since when, failures, who leads. No person is in it."""

from datetime import UTC, datetime

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, Counter, Gauge, Histogram, generate_latest

from bot.store_sql import Sql, fetch

__all__ = ["CONTENT_TYPE_LATEST"]

TURNS = Counter("beian_turns", "Messages that were answered", ["channel", "outcome"])
SECONDS = Histogram(
    "beian_turn_seconds", "From the reading of a message to the commit of its answer", ["channel"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)  # fmt: skip
FAULTS = Counter("beian_turn_faults", "Turns that failed by a fault of the program")
DATABASE = Counter("beian_database_errors", "Times that the database did not answer")
CHECK = Gauge("beian_check_ok", "1 if a part is ready", ["check"])
LEADS = Gauge("beian_leads", "1 if this worker fetches updates and sends replies", ["channel"])
WAITING = Gauge("beian_waiting", "Messages and replies that wait", ["queue"])
OLDEST = Gauge("beian_oldest_seconds", "How long the oldest of them has waited", ["queue"])
UNSENT = Gauge("beian_unsent", "Replies that were set aside because they could not be sent")

_QUEUES = {
    "inbox": "select count(*) as number, min(received_at) as oldest from inbox where done_at is null",
    "outbox": "select count(*) as number, min(created_at) as oldest from outbox where sent_at is null and failed_at is null",
}
_UNSENT = "select count(*) as number from outbox where failed_at is not null and reason <> 'unreadable'"


def note_turn(channel: str, outcome: str, seconds: float) -> None:
    """One message more was answered."""
    TURNS.labels(channel, outcome).inc()
    SECONDS.labels(channel).observe(seconds)


def measure(db: Sql, at: datetime) -> None:
    """Look at what waits."""
    for queue, statement in _QUEUES.items():
        found = fetch(db, statement)[0]
        WAITING.labels(queue).set(found["number"])
        since = datetime.fromisoformat(found["oldest"]) if found["oldest"] else at
        OLDEST.labels(queue).set(max(0.0, (at.astimezone(UTC) - since).total_seconds()))
    UNSENT.set(fetch(db, _UNSENT)[0]["number"])


def write_metrics(checks: dict[str, str]) -> bytes:
    """All of it, with the checks of readiness, in Prometheus' text format."""
    for name, state in checks.items():
        CHECK.labels(name).set(int(state in {"ok", "off"}))
    return generate_latest(REGISTRY)
