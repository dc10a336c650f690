"""Live news over the real channel layer: who may hear, what they hear, and what noise is cut off."""

import asyncio

import pytest
from channels.layers import channel_layers
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser

from community import consumers, moderation, services
from portal.core import realtime
from portal.routing import websocket_urlpatterns
from tests.factories import make_answer, make_question, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.asyncio]


def socket(path, user=None):
    from channels.routing import URLRouter

    line = WebsocketCommunicator(URLRouter(websocket_urlpatterns), path)
    line.scope["user"] = user or AnonymousUser()
    return line


async def on(path, user=None):
    line = socket(path, user)
    connected, _ = await line.connect()
    assert connected
    return line


@pytest.fixture(autouse=True)
def _own_layer():
    """A layer belongs to the loop it was used in."""
    channel_layers.backends.clear()
    yield
    channel_layers.backends.clear()


async def run(act, **values):
    return await asyncio.to_thread(_closing, act, values)


def _closing(act, values):
    from django.db import connection

    try:
        return act(**values)
    finally:
        connection.close()


async def test_a_visitor_hears_of_a_public_question(cast):
    question = await run(make_question)
    line = await on(f"/ws/questions/{question.pk}/")
    answer = await run(services.answer_question, question=question, by=cast.junho, body="Restart it.")
    assert await line.receive_json_from(5) == {"kind": "answer.created", "id": answer.pk}
    await run(services.vote, answer=answer, by=cast.kate, helpful=True)
    assert await line.receive_json_from(5) == {"kind": "vote.changed", "id": answer.pk}
    await line.disconnect()


async def test_a_held_question_is_closed_to_others(cast):
    question = await run(make_question, status="held", author=cast.minji)
    for user, allowed in ((None, False), (cast.junho, False), (cast.minji, True), (cast.mod, True)):
        line = socket(f"/ws/questions/{question.pk}/", user)
        assert (await line.connect())[0] is allowed
        await line.disconnect()
    line = socket(f"/ws/questions/{10**17}/", cast.mod)
    assert not (await line.connect())[0]


async def test_only_the_person_hears_their_own_news(cast):
    line = socket("/ws/me/")
    assert not (await line.connect())[0]
    mine, other = await on("/ws/me/", cast.minji), await on("/ws/me/", cast.junho)
    question = await run(make_question, author=cast.minji)
    entry = await run(moderation.close_question, question=question, by=cast.mod, reason="Off")
    news = await mine.receive_json_from(5)
    assert news["kind"] == "notification.created"
    assert entry.pk
    assert await other.receive_nothing(0.3)
    await mine.disconnect()
    await other.disconnect()


async def test_a_removed_answer_and_a_closed_question_are_news(cast):
    answer = await run(make_answer)
    line = await on(f"/ws/questions/{answer.question_id}/")
    await run(moderation.remove, post=answer, by=cast.mod, reason="Ads")
    assert await line.receive_json_from(5) == {"kind": "answer.removed", "id": answer.pk}
    await run(moderation.close_question, question=answer.question, by=cast.mod, reason="Off")
    assert await line.receive_json_from(5) == {"kind": "question.closed", "id": answer.question_id}
    await line.disconnect()


async def test_someone_is_answering_reaches_the_others_without_a_name_and_not_too_often(cast):
    question = await run(make_question)
    writer = await on(f"/ws/questions/{question.pk}/", cast.junho)
    reader = await on(f"/ws/questions/{question.pk}/")
    for _ in range(3):
        await writer.send_json_to({"kind": "answering"})
    assert await reader.receive_json_from(5) == {"kind": "answering.someone"}
    assert await reader.receive_nothing(0.3)
    assert await writer.receive_nothing(0.1)
    await reader.send_json_to({"kind": "answering"})  # a visitor cannot answer
    assert await writer.receive_nothing(0.3)
    await writer.disconnect()
    await reader.disconnect()


async def test_a_ping_is_answered_and_unknown_words_are_ignored(cast):
    line = await on("/ws/me/", cast.minji)
    for word in ({"kind": "nonsense"}, {}, [], {"kind": 7}):
        await line.send_json_to(word)
    await line.send_json_to({"kind": "ping"})
    assert await line.receive_json_from(5) == {"kind": "pong"}
    await line.disconnect()


@pytest.mark.parametrize("noise", ["not json", "x" * 1000, "[" * 150, b"\x00"])
async def test_noise_ends_the_connection(cast, noise):
    line = await on("/ws/me/", cast.minji)
    await (line.send_to(bytes_data=noise) if isinstance(noise, bytes) else line.send_to(text_data=noise))
    assert (await line.receive_output(5))["type"] == "websocket.close"


async def test_too_many_words_end_the_connection(cast):
    line = await on("/ws/me/", cast.minji)
    for _ in range(consumers.WORDS_PER_MINUTE + 1):
        await line.send_json_to({"kind": "nonsense"})
    assert (await line.receive_output(5))["type"] == "websocket.close"


async def test_news_of_a_rolled_back_act_is_never_sent(cast):
    question = await run(make_question)
    line = await on(f"/ws/questions/{question.pk}/")

    def fail():
        from django.db import transaction

        try:
            with transaction.atomic():
                realtime.announce(realtime.question_group(question.pk), "question.edited", question.pk)
                raise ValueError
        except ValueError:
            pass

    await run(fail)
    assert await line.receive_nothing(0.3)
    assert await run(make_user)
    await line.disconnect()
