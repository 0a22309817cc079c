"""What is written by compiled statements is byte for byte what the ORM would have written."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, models, transaction

from app.accounts.models import User
from conversations.ids import uuid7
from conversations.models import Conversation, Generation, Message
from conversations.statements import IN_ONE, Given, Select, Update, insert, together, whole
from tests.conversations.transcripts import a_conversation
from usage.models import EngagementEvent, Mark, TurnAccepted, UpstreamCall, UsageRecord

pytestmark = pytest.mark.django_db

WRITTEN: tuple[type[models.Model], ...] = (
    Conversation, Message, Generation, TurnAccepted, UsageRecord, UpstreamCall, EngagementEvent, Mark
)  # fmt: skip
"""Every model that ``insert`` is called with. Their fields are taken from the models, so none can be forgotten."""

MOMENT = datetime(2026, 11, 23, 1, 2, 3, 456_789, UTC)
VALUES: dict[str, Any] = {
    "UUIDField": UUID(int=2**127 + 5),
    "DateTimeField": MOMENT,
    "DateField": date(2026, 11, 23),
    "CharField": "文",
    "TextField": "It's 100 % \\ “文”\n",
    "BooleanField": True,
    "BinaryField": b"\x00\xff'",
}


def _value(field: "models.Field[Any, Any]") -> Any:
    if isinstance(field, models.ForeignKey):
        return _value(field.target_field)
    return VALUES.get(field.get_internal_type(), 7)


def _full(field: "models.Field[Any, Any]") -> Any:
    return _value(field)


def _empty(field: "models.Field[Any, Any]") -> Any:
    return None if field.null else _value(field)


def _columns_after(write: Callable[[], object], model: type[models.Model]) -> list[tuple[Any, ...]]:
    """What stands in the table, as the driver has it. A key that the database makes is left out."""
    columns = [field.column for field in model._meta.local_concrete_fields if field is not model._meta.auto_field]
    with transaction.atomic(), connection.cursor() as cursor:
        write()
        cursor.execute(f"SELECT {', '.join(columns)} FROM {model._meta.db_table}")
        found = cursor.fetchall()
        transaction.set_rollback(True)  # before anybody asks whether what it refers to is there
    return [tuple(bytes(value) if isinstance(value, memoryview) else value for value in row) for row in found]


@pytest.mark.parametrize("fill", [_full, _empty])
@pytest.mark.parametrize("model", WRITTEN)
def test_a_row_is_the_same_whoever_writes_it(
    model: type[models.Model], fill: "Callable[[models.Field[Any, Any]], Any]"
) -> None:
    fields = [field for field in model._meta.local_concrete_fields if field is not model._meta.auto_field]
    row = model(**{field.attname: fill(field) for field in fields})
    by_statement = _columns_after(lambda: insert([row]), model)
    by_orm = _columns_after(lambda: row.save(force_insert=True), model)
    assert len(by_orm) == 1
    assert by_statement == by_orm


def _a_mark() -> Mark:
    return Mark(level=7, lane=7, window_start=MOMENT)


def _write_together(rows: list[models.Model]) -> None:
    with together():
        insert(rows)
        insert([_a_mark()])


def _save_each(rows: list[models.Model]) -> None:
    for row in (*rows, _a_mark()):
        row.save(force_insert=True)


@pytest.mark.parametrize("model", WRITTEN)
def test_rows_that_go_together_are_the_same(model: type[models.Model]) -> None:
    """Those of one table, whatever their number, and of several tables."""
    fields = [field for field in model._meta.local_concrete_fields if field is not model._meta.auto_field]

    def row(number: int) -> models.Model:
        keys = {field.attname: UUID(int=number) for field in fields if field.get_internal_type() == "UUIDField"}
        return model(**{field.attname: _value(field) for field in fields} | keys)

    for count in (1, IN_ONE, IN_ONE + 1):
        rows = [row(number) for number in range(count)]
        by_statement = _columns_after(partial(_write_together, rows), model)
        by_orm = _columns_after(partial(_save_each, rows), model)
        assert len(by_orm) == count + (model is Mark)
        assert sorted(by_statement, key=repr) == sorted(by_orm, key=repr)


def test_what_goes_together_is_refused_together(li: User) -> None:
    conversation = a_conversation(li)
    again = Conversation(id=conversation.pk, owner=li, created_at=MOMENT, updated_at=MOMENT)

    def write() -> None:
        with transaction.atomic(), together():
            insert([_a_mark()])
            insert([again])

    with pytest.raises(IntegrityError):
        write()
    assert not Mark.objects.exists()


def test_what_is_joined_goes_with_the_rows_or_not_at_all(li: User) -> None:
    conversation = a_conversation(li)
    again = Conversation(id=conversation.pk, owner=li, created_at=MOMENT, updated_at=MOMENT)

    def write(*rows: models.Model) -> None:
        with whole(), together():
            TOUCH.join({"conversation": conversation.pk, "now": MOMENT})
            for row in rows:
                insert([row])

    with pytest.raises(IntegrityError):
        write(_a_mark(), again)
    assert not Mark.objects.exists()
    assert not Conversation.objects.filter(updated_at=MOMENT).exists()
    write(_a_mark())
    assert Mark.objects.count() == Conversation.objects.filter(updated_at=MOMENT).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("marks", [1, IN_ONE + 1])
def test_outside_a_transaction_it_is_one_by_itself(li: User, marks: int) -> None:
    """Few rows are one statement; many are not, and are still all or nothing."""
    conversation = a_conversation(li)
    again = Conversation(id=conversation.pk, owner=li, created_at=MOMENT, updated_at=MOMENT)

    def write() -> None:
        with whole(), together():
            insert([_a_mark() for _ in range(marks)])
            insert([again])

    with pytest.raises(IntegrityError):
        write()
    assert not Mark.objects.exists()


def test_of_what_was_broken_off_nothing_stays() -> None:
    class ChangedMyMind(Exception):
        pass

    def write() -> None:
        with transaction.atomic(), together():
            insert([_a_mark()])
            raise ChangedMyMind

    with pytest.raises(ChangedMyMind):
        write()
    assert not Mark.objects.exists()


TOUCH = Update(
    lambda: Conversation.objects.filter(pk=Given("conversation", Conversation, "id")),
    updated_at=Given("now", Conversation, "updated_at"),
)


class _Spoken(NamedTuple):
    id: UUID
    created_at: datetime
    parent_id: UUID | None
    conversation__title: str


SPOKEN = Select(
    _Spoken,
    lambda: Message.objects.filter(
        conversation_id=Given("conversation", Message, "conversation_id"),
        created_at__gte=Given("since", Message, "created_at"),
        role="user",
    ).order_by("id"),
)


def test_values_are_converted_on_their_way_in_and_out(li: User) -> None:
    conversation = a_conversation(li, "西安", turns=2)
    a_conversation(li, "别的")
    expected = Message.objects.filter(conversation=conversation, role="user").order_by("id")
    found = SPOKEN.rows(conversation=conversation.pk, since=conversation.created_at)
    assert [tuple(row) for row in found] == list(
        expected.values_list("id", "created_at", "parent_id", "conversation__title")
    )
    assert SPOKEN.rows(conversation=uuid7(), since=MOMENT) == []
    assert SPOKEN.first(conversation=uuid7(), since=MOMENT) is None


def test_an_update_says_how_many_rows_it_changed_in_all(li: User) -> None:
    rename = Update(
        lambda: Conversation.objects.filter(pk=Given("id", Conversation), is_temporary=False),
        title=Given("title", Conversation),
    )
    one, other = a_conversation(li, "一"), a_conversation(li, "二")
    assert rename.run() == 0
    assert rename.run({"id": uuid7(), "title": "无"}) == 0
    assert rename.run({"id": one.pk, "title": "甲"}) == 1
    assert rename.run({"id": one.pk, "title": "A"}, {"id": uuid7(), "title": "无"}, {"id": other.pk, "title": "B"}) == 2
    assert list(Conversation.objects.order_by("title").values_list("title", flat=True)) == ["A", "B"]
