import asyncio
import time

import pytest

from conversations.inference.watchdog import Watchdog


class DeadlinePassed(Exception):
    pass


def watching(deadline: float) -> Watchdog:
    return Watchdog(deadline, overdue=DeadlinePassed)


def now() -> float:
    return asyncio.get_running_loop().time()


async def test_cuts_a_wait_that_takes_too_long() -> None:
    watchdog = watching(now() + 0.02)

    with pytest.raises(DeadlinePassed):
        await watchdog.wait(asyncio.Event().wait())


async def test_a_wait_after_a_passed_deadline_is_cut_too() -> None:
    watchdog = watching(now() + 0.01)
    await asyncio.sleep(0.03)

    with pytest.raises(DeadlinePassed):
        await watchdog.wait(asyncio.Event().wait())


async def test_what_is_ready_is_taken_even_after_the_deadline() -> None:
    watchdog = watching(now() + 0.01)
    await asyncio.sleep(0.03)

    async def ready() -> int:
        return 7

    assert await watchdog.wait(ready()) == 7


async def test_a_later_deadline_counts() -> None:
    watchdog = watching(now() + 0.02)
    watchdog.move(now() + 5)

    await watchdog.wait(asyncio.sleep(0.06))

    watchdog.move(now() + 0.01)
    with pytest.raises(DeadlinePassed):
        await watchdog.wait(asyncio.Event().wait())


async def test_nothing_is_cut_while_nobody_waits() -> None:
    watchdog = watching(now() + 0.01)
    await asyncio.sleep(0.03)
    watchdog.move(now() + 5)

    await watchdog.wait(asyncio.sleep(0))
    await asyncio.sleep(0.02)


async def test_a_cancellation_from_outside_stays_one() -> None:
    watchdog = watching(now() + 5)
    task = asyncio.create_task(watchdog.wait(asyncio.Event().wait()))
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancellation_beside_the_deadline_stays_one() -> None:
    watchdog = watching(now() + 0.001)
    task = asyncio.create_task(watchdog.wait(asyncio.Event().wait()))
    asyncio.get_running_loop().call_at(now() + 0.002, task.cancel)
    await asyncio.sleep(0)
    # Both are due in the same round of the loop.
    time.sleep(0.02)  # noqa: ASYNC251

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_works_within_a_timeout_of_somebody_else() -> None:
    watchdog = watching(now() + 5)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await watchdog.wait(asyncio.Event().wait())

    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_other_errors_pass() -> None:
    watchdog = watching(now() + 5)

    async def fails() -> None:
        raise ValueError

    with pytest.raises(ValueError):
        await watchdog.wait(fails())
