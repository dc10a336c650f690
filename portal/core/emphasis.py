"""Emphasis in Korean text. CommonMark lets no "**" close between a bracket and a letter, for its words stand apart;
a Korean particle does not, and the signs would stay in the text.
"""

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline.state_inline import Scanned, StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType


class _State(StateInline):
    """The emphasis of CommonMark, also where a Korean particle follows: **80%**까지, **Wi-Fi(2.4GHz)**로."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 (the renderer's names)
        found = super().scanDelims(start, canSplitWord)
        if not canSplitWord:
            return found
        end = start + found.length
        before = self.src[start - 1] if start else " "
        after = self.src[end] if end < self.posMax else " "
        return Scanned(
            found.can_open or (_is_cjk(before) and not after.isspace()),
            found.can_close or (_is_cjk(after) and not before.isspace()),
            found.length,
        )


class EmphasisBesideHangul(ParserInline):
    """Parses the running text of a post."""

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


def _is_cjk(letter: str) -> bool:
    """Letters of scripts that put no space between a word and what is joined to it."""
    return "\u3041" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7a3"
