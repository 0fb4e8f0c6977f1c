"""A process of its own that holds a conversation over the app, for tests that kill it or let two race.

`python talking.py DATABASE prescreen` goes through the questionnaire and writes a line for each reply that it was given;
`python talking.py DATABASE race NAME COUNT` sends COUNT messages to one conversation, and COUNT that its rival sends too."""

import asyncio
import json
import os
import sys
from datetime import date

from bot.app import App
from bot.conversation import Message
from bot.logs import silence
from bot.settings import Settings

DAY = date(2026, 6, 1)


async def prescreen(app):
    """Start it, or go on with it, answering 不清楚 to everything, and tell each step once it is acknowledged."""
    told = await app.handle(Message("web", "u", f"start-{os.getpid()}", DAY, action="resume"))
    if told[-1].outcome == "control":  # there is none yet
        told = await app.handle(Message("web", "u", "begin", DAY, action="prescreen:pilot_base"))
    step = 0
    while told[-1].question:
        field = told[-1].question["field"]
        print(json.dumps(field), flush=True)
        step += 1
        await asyncio.sleep(0.005)  # so that there is time to be killed in
        told = await app.handle(
            Message("web", "u", f"{os.getpid()}-{step}", DAY, action=f"set:{field}:unknown")
        )
    print(json.dumps(told[-1].outcome), flush=True)


async def race(app, name, count):
    for number in range(count):
        await app.handle(Message("web", "u", f"{name}-{number}", DAY, action=f"article:{number % 21 + 1}"))
        await app.handle(Message("web", "u", f"both-{number}", DAY, text="公示几天"))


async def main(database, what, *arguments):
    silence()
    async with App.open(Settings(database=database, _env_file=None)) as app:
        print('"ready"', flush=True)
        if what == "race":
            sys.stdin.readline()
            await race(app, arguments[0], int(arguments[1]))
        else:
            await prescreen(app)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
