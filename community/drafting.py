"""What a promotion's draft says: an article made from a question and its answer, in the question's language.

Its headings are part of the text, not of the interface, so they stand here in both languages.
"""

import re
from dataclasses import dataclass

from community.models import Answer, Question
from portal.core.models import Product, Release

TITLE_MAX = 200

WORDS = {
    "ko": {
        "problem": "이런 문제예요",
        "solution": "이렇게 해결해요",
        "applies": "이런 경우에 해당해요",
        "product": "제품: {}",
        "any_product": "제품과 관계없이 적용돼요.",
        "release": "버전: {}",
        "any_release": "모든 버전",
        "ask": "{}, 어떻게 해야 하나요?",
        "hidden": "(개인 정보 가림)",
    },
    "en": {
        "problem": "The problem",
        "solution": "The solution",
        "applies": "Where it applies",
        "product": "Product: {}",
        "any_product": "Not about one product.",
        "release": "Release: {}",
        "any_release": "all releases",
        "ask": "{}: what can I do?",
        "hidden": "(personal data hidden)",
    },
}

_PREFIX = re.compile(
    r"^\s*(?:\[[^\]]{1,12}\]|\([^)]{1,8}\)|(?:질문|문의|급질|help|question)\s*[:!~\-]+)\s*", re.IGNORECASE
)
_SUFFIX = re.compile(
    r"(?:[\s.,!~…ㅠㅜㅡ;^]|도와\s?주세요|알려\s?주세요|부탁\s?드려요|부탁\s?드립니다|질문\s?드립니다|질문이요|급해요|"
    r"please help(?: me)?|help please|any ideas\?*|thanks|thank you)+$",
    re.IGNORECASE,
)
_ASKS = {
    # How Korean sentences ask, and English ones begin to.
    "ko": re.compile(
        r"(?:(?<!\s)나요|까요|가요|는지요?|을까|ㄹ까|인지|죠|지요|하는\s?법|방법|뭔가요|뭐예요|무엇)$"
    ),
    "en": re.compile(
        r"^(?:how|why|what|when|where|which|who|can|could|does|do|did|is|are|was|will|would|should|has|have)\b",
        re.IGNORECASE,
    ),
}
_GREETING = re.compile(
    r"^\s*(?:안녕하세요|안녕하십니까|수고\s?많으십니다|수고하십니다|hi(?: there| all| everyone)?|hello(?: there| all| everyone)?|"
    r"dear \w+|good (?:morning|evening|afternoon))\s*[,.!~:]*\s*",
    re.IGNORECASE,
)
_GOODBYE = re.compile(
    r"\s*(?:감사합니다|감사해요|고맙습니다|부탁\s?드립니다|도와\s?주세요|알려\s?주세요|many thanks|thanks(?: in advance| a lot)?|"
    r"thank you(?: in advance| so much)?|please help(?: me)?|any help is appreciated|cheers)\s*[.!~ㅠㅜ^]*\s*$",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"(?P<mail>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)"
    r"|(?P<resident>(?<!\d)\d{6}-[1-4]\d{6}(?!\d))"
    r"|(?P<card>(?<!\d)\d{4}[- ]\d{4}[- ]\d{4}[- ]\d{4}(?!\d))"
    r"|(?P<phone>(?<![\d-])(?:\+82[- ]?|0)1[016789][- ]?\d{3,4}[- ]?\d{4}(?!\d))"
)
_HEADING = re.compile(r"^(#{1,5})(?=\s)")
_FENCE = re.compile(r"^\s*(```|~~~)")


@dataclass(frozen=True)
class Draft:
    """An article to be, before an editor has seen it."""

    title: str
    body: str
    product: Product | None
    releases: list[Release]
    tags: list[str]


def draft_from(answer: Answer) -> Draft:
    """The draft that an answer and its question make. Needs question, product and release loaded."""
    question = answer.question
    release = question.release
    return Draft(
        title=title_of(question),
        body=body_of(question, answer),
        product=question.product,
        releases=[release] if release else [],
        tags=[tag.name for tag in question.tags.all()],
    )


def title_of(question: Question) -> str:
    """The question's title as a question: without calls for help, with a question mark."""
    words = WORDS[question.language]
    given = mask(question.title, question.language)
    title = _SUFFIX.sub("", _PREFIX.sub("", given)).strip() or given.strip()
    if title.endswith(("?", "？")):
        return title[:TITLE_MAX]
    if _ASKS[question.language].search(title):
        return f"{title[: TITLE_MAX - 1]}?"
    return words["ask"].format(title[: TITLE_MAX - 30])


def body_of(question: Question, answer: Answer) -> str:
    """Problem, solution and where it applies, as Markdown."""
    words = WORDS[question.language]
    problem = lower_headings(without_courtesies(mask(question.body, question.language)))
    solution = lower_headings(without_courtesies(mask(answer.body, question.language)))
    parts = [
        (words["problem"], problem or question.title),
        (words["solution"], solution),
        (words["applies"], _applies(question, words)),
    ]
    return "\n\n".join(f"## {heading}\n\n{text}" for heading, text in parts) + "\n"


def _applies(question: Question, words: dict[str, str]) -> str:
    if question.product is None:
        return f"- {words['any_product']}"
    korean = question.product.name_ko if question.language == "ko" else ""
    release = question.release.name if question.release else words["any_release"]
    lines = [words["product"].format(korean or question.product.name), words["release"].format(release)]
    return "\n".join(f"- {line}" for line in lines)


def without_courtesies(text: str) -> str:
    """A post without its greeting and its thanks."""
    text = _GREETING.sub("", text.strip(), count=1)
    for _again in range(2):
        text = _GOODBYE.sub("", text)
    return text.strip()


def lower_headings(text: str) -> str:
    """A post's headings, one level below the section that it will stand in; code stays as it is."""
    lines, fence = [], ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif mark and mark[1] == fence:
            fence = ""
        elif not fence:
            line = _HEADING.sub(lambda found: "#" * min(4, max(3, len(found[1]) + 1)), line)
        lines.append(line)
    return "\n".join(lines)


def personal_data(text: str) -> list[str]:
    """The addresses and numbers in a text that an article must not show."""
    return [found.group() for found in _PERSONAL.finditer(text)]


def mask(text: str, language: str) -> str:
    """The text with addresses and numbers of people hidden."""
    return _PERSONAL.sub(WORDS[language]["hidden"], text)
