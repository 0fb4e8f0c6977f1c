"""Work that waits at the same time shares a transaction, each piece with its own result, and a fault loses nothing."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from bot.store import StoreError
from bot.store_opening import open_store
from bot.together import MOST, Together

AT = datetime(2026, 6, 1, tzinfo=UTC)


@asynccontextmanager
async def opening(tmp_path):
    with ThreadPoolExecutor(1) as thread:
        loop = asyncio.get_running_loop()
        store = await loop.run_in_executor(thread, open_store, tmp_path / "s.sqlite3")
        yield store, Together(store, thread), thread
        await loop.run_in_executor(thread, store.close)


async def test_each_piece_has_its_own_result_in_the_order_in_which_it_came(tmp_path):
    order = []
    async with opening(tmp_path) as (_, together, _):
        results = await asyncio.gather(
            *(together.do(lambda n=n: order.append(n) or n) for n in range(3 * MOST))
        )
    assert results == order == list(range(3 * MOST))


async def test_what_comes_right_behind_goes_along(tmp_path):
    async with opening(tmp_path) as (store, together, _):
        begun = []
        batch = store.batch
        store.batch = lambda: begun.append(1) or batch()
        first = [asyncio.create_task(together.do(lambda n=n: n)) for n in range(2)]
        await asyncio.sleep(0)
        assert await asyncio.gather(*first, together.do(lambda: 2)) == [0, 1, 2]
        assert len(begun) == 1


async def test_many_pieces_are_few_transactions_and_all_are_kept(tmp_path):
    async with opening(tmp_path) as (store, together, thread):
        begun = []
        batch = store.batch
        store.batch = lambda: begun.append(1) or batch()
        await asyncio.gather(
            *(together.do(lambda n=n: store.add_session("web", f"u{n}", AT)) for n in range(100))
        )
        known = await asyncio.get_running_loop().run_in_executor(
            thread, lambda: [store.knows("web", f"u{n}") for n in range(100)]
        )
    assert len(begun) < 10
    assert all(known)


async def test_a_fault_undoes_the_whole_transaction_and_the_next_goes_on(tmp_path):
    async with opening(tmp_path) as (store, together, _):

        def fail():
            raise StoreError("disk")

        outcomes = await asyncio.gather(
            together.do(lambda: store.add_session("web", "first", AT)),
            together.do(lambda: store.add_session("web", "second", AT)),
            together.do(fail),
            return_exceptions=True,
        )
        assert isinstance(outcomes[2], StoreError)
        lost = [
            name for name, outcome in zip(("first", "second"), outcomes, strict=False) if outcome is not None
        ]
        for name in ("first", "second"):
            assert await together.do(lambda name=name: store.knows("web", name)) is (name not in lost)
        await together.do(lambda: store.add_session("web", "third", AT))
        assert await together.do(lambda: store.knows("web", "third"))


async def test_what_fails_inside_a_piece_is_undone_alone(tmp_path):
    async with opening(tmp_path) as (store, together, _):

        def half():
            with suppress(ZeroDivisionError), store._engine.writing() as db:
                db.execute("insert into sessions values ('web', 'half', '2026')")
                raise ZeroDivisionError
            store.add_session("web", "whole", AT)

        await together.do(half)
        assert await together.do(lambda: (store.knows("web", "half"), store.knows("web", "whole"))) == (
            False,
            True,
        )


async def test_whoever_has_gone_holds_up_nobody(tmp_path):
    async with opening(tmp_path) as (_, together, _):
        gone = asyncio.create_task(together.do(lambda: 1))
        stays = asyncio.create_task(together.do(lambda: 2))
        await asyncio.sleep(0)
        gone.cancel()
        assert await stays == 2
