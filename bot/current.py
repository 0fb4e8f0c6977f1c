"""The world of a command that answers without a server: with what staff published, where there is a database."""

import os
from contextlib import closing
from pathlib import Path

from bot.world import World, load_world

_TOLD_BY = ("beian.sqlite3", ".env")


def current_world() -> World:
    """What the server of this folder would answer from; SettingsError or StoreError where that cannot be told."""
    world = load_world(regulations=imported_folder())
    named = "BEIAN_DATABASE" in os.environ or "BEIAN_DATABASE_FILE" in os.environ
    if not named and not any(map(os.path.exists, _TOLD_BY)):
        return world  # settings and a database take a quarter of a second to import, which nobody should wait for in vain
    from bot.settings import read_settings
    from bot.store_opening import is_there

    database = read_settings().database

    return _extended(world, database) if is_there(database) else world


def imported_folder() -> Path:
    """Where regulations are imported to and read from."""
    if "BEIAN_REGULATIONS" not in os.environ and not os.path.exists(".env"):
        return Path("regulations")
    from bot.settings import read_settings

    return read_settings().regulations


def _extended(world: World, database: str) -> World:
    from bot.published import extend
    from bot.store_faq import read_published
    from bot.store_opening import open_store

    with closing(open_store(database, must_exist=True)) as store:
        return extend(world, store.look(read_published)[1])
