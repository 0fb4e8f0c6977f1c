"""Three workers on one PostgreSQL lose nothing and double nothing, whatever dies when; at full size by `make soak`."""

import pytest
from postgres import Postgres
from workers_soak import Balanced, Soak

from bot.telegram_sending import AT_ONCE


def workers_soak(world, folder, chats, messages, kill_seconds, cut_seconds, restarts, seconds, seed=20251206):
    server = Postgres()
    try:
        with Balanced() as api:
            soak = Soak(world, api, server, folder, chats, messages, seed)
            counts = soak.run(kill_seconds, cut_seconds, restarts, seconds)
    finally:
        server.close()
    print(
        f"three workers, {chats} chats, {messages} messages in {counts['seconds']} s: {counts['kills']} workers killed, "
        f"PostgreSQL restarted {counts['restarts']} times, {counts['cuts']} connections cut, {counts['repeated']} deliveries "
        f"repeated; every message handled once and answered in order, {counts['doubled']} answers sent twice"
    )
    assert counts["kills"]
    assert counts["cuts"]
    assert counts["restarts"] == restarts
    assert counts["doubled"] <= AT_ONCE * (counts["kills"] + counts["restarts"] + counts["cuts"])


def test_three_workers_that_are_killed_and_cut_off_answer_everything_once_and_in_order(world, tmp_path):
    workers_soak(
        world, tmp_path, chats=20, messages=200, kill_seconds=2, cut_seconds=1, restarts=1, seconds=60
    )


@pytest.mark.soak
def test_twenty_thousand_messages_to_three_workers(world, tmp_path):
    workers_soak(
        world, tmp_path, chats=200, messages=20_000, kill_seconds=5, cut_seconds=3, restarts=2, seconds=300
    )
