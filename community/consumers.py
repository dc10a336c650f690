"""Live news over websockets: what changed, never what it says. The page then fetches it where permissions hold."""

import time
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from community.models import Question
from community.permissions import can_answer_question
from portal.core import realtime

WORD_MAX = 200
ANSWERING_EVERY = 3.0  # seconds between two "I am writing" of one page
WORDS_PER_MINUTE = 60


class LiveConsumer(AsyncJsonWebsocketConsumer):
    """Joins one group and passes its news on as {"kind", "id"}; answers a ping, hangs up on noise."""

    group: str

    async def connect(self) -> None:
        group = await self.group_for(self.scope["user"])
        if group is None:
            await self.close()  # before accept(): the handshake is refused, as a hidden page is not found
            return
        self.group = group
        self.words, self.since = 0, time.monotonic()
        await self.channel_layer.group_add(group, self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        if hasattr(self, "group"):
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def group_for(self, user: Any) -> str | None:
        """The group whose news this reader may hear; None to refuse."""
        raise NotImplementedError

    async def heard(self, kind: str) -> None:
        """A word from the page other than a ping."""

    async def changed(self, event: dict[str, Any]) -> None:
        await self.send_json({"kind": event["kind"], "id": event["pk"]})

    async def receive(
        self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any
    ) -> None:
        if bytes_data is not None or text_data is None or len(text_data) > WORD_MAX or self._too_many():
            await self.close(code=1008)
            return
        try:
            content = await self.decode_json(text_data)
        except (ValueError, RecursionError):
            await self.close(code=1003)
            return
        kind = content.get("kind") if isinstance(content, dict) else None
        if kind == "ping":
            await self.send_json({"kind": "pong"})
        elif isinstance(kind, str):
            await self.heard(kind)

    def _too_many(self) -> bool:
        now = time.monotonic()
        if now - self.since > 60:
            self.words, self.since = 0, now
        self.words += 1
        return self.words > WORDS_PER_MINUTE


class QuestionConsumer(LiveConsumer):
    """News of one question, for whoever may see it; passes on that somebody is writing an answer, not who."""

    may_answer = False
    last_answering = float("-inf")

    async def group_for(self, user: Any) -> str | None:
        pk = int(self.scope["url_route"]["kwargs"]["pk"])
        found = await self._find(user, pk)
        if found is None:
            return None
        self.may_answer = found
        return realtime.question_group(pk)

    async def heard(self, kind: str) -> None:
        now = time.monotonic()
        if kind != "answering" or not self.may_answer or now - self.last_answering < ANSWERING_EVERY:
            return
        self.last_answering = now
        await self.channel_layer.group_send(self.group, {"type": "answering", "from": self.channel_name})

    async def answering(self, event: dict[str, Any]) -> None:
        if event["from"] != self.channel_name:
            await self.send_json({"kind": "answering.someone"})

    @database_sync_to_async
    def _find(self, user: Any, pk: int) -> bool | None:
        """Whether this reader may answer; None if they may not even see the question."""
        question = Question.objects.visible_to(user).filter(pk=pk).first()
        return can_answer_question(user, question) if question else None


class PersonConsumer(LiveConsumer):
    """A signed-in person's own news."""

    async def group_for(self, user: Any) -> str | None:
        return realtime.person_group(user.pk) if user.is_authenticated else None
