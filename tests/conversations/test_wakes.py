"""Celery is hurried about titles: one message for what came together, and a task only for what is due."""

import base64
import json
from typing import Any

import pytest
from django.conf import settings
from redis import Redis

from app.accounts.models import User
from conversations import tasks
from conversations.ids import uuid7
from conversations.models import Conversation
from conversations.wakes import Wake
from tests.conversations.transcripts import a_conversation
from tests.processes import Process
from tests.tab import eventually

QUEUE = "shiyong:celery:celery"


@pytest.fixture
def broker(valkey: Process) -> Redis:
    """Without a worker: what is sent to it stays and can be read."""
    redis = Redis.from_url(settings.REDIS_URL)
    redis.delete(QUEUE)
    return redis


def sent(broker: Redis, task: str) -> list[Any]:
    """The only argument of each message for a task."""
    found = [json.loads(message) for message in broker.lrange(QUEUE, 0, -1)]
    return [json.loads(base64.b64decode(each["body"]))[0][0] for each in found if each["headers"]["task"] == task]


async def test_every_key_is_sent_once(broker: Redis) -> None:
    wake = Wake(tasks.title_each)
    keys = [str(uuid7()) for _ in range(20)]
    for key in keys:
        wake.about(key)

    async def told() -> list[str] | None:
        """A web process may still speak of an earlier test's answers."""
        found = [key for each in sent(broker, tasks.title_each.name) for key in each if key in keys]
        return found if len(found) >= len(keys) else None

    assert sorted(await eventually(told)) == sorted(keys)


def test_what_has_its_title_gets_no_task(broker: Redis, li: User) -> None:
    due, named = a_conversation(li, "西安三天"), a_conversation(li, "我的旅行")
    Conversation.objects.filter(pk=named.pk).update(title_source="owner")
    tasks.title_each([str(due.pk), str(named.pk), str(uuid7())])
    assert sent(broker, tasks.title.name) == [str(due.pk)]
