"""Refusals that are part of the product: each is one sentence for the person who asked."""

from typing import Any


class RuleError(Exception):
    """A rule of the product forbids this now. Pages show the sentence, the API answers 400."""

    status = 400

    def __init__(self, sentence: Any, *, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class ConflictError(RuleError):
    """Somebody else was first, or the text has changed meanwhile (409). `theirs` holds what is there now."""

    status = 409

    def __init__(self, sentence: Any, *, theirs: dict[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.theirs = theirs or {}


class TooFast(RuleError):
    """A limit was reached (429); `retry_after` is in seconds."""

    status = 429

    def __init__(self, sentence: Any, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class TooLarge(RuleError):
    """More was sent than is taken (413)."""

    status = 413
