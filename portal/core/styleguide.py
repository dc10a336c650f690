"""Made-up things for the styleguide: nothing here is saved, and no product model is needed."""

from datetime import timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.core import text
from portal.core.models import Product, Release, Tag, User

SECTIONS = (
    "colours", "type", "buttons", "people", "states", "rows", "question", "suggestions", "article", "forms",
    "editor", "notices", "ways", "history", "empty",
)  # fmt: skip
WORDS: dict[str, dict[str, str]] = {
    "ko": {
        "asker": "김민지",
        "answerer": "한빛나",
        "agent": "박수민",
        "title": "왼쪽 이어버드만 계속 연결이 끊겨요",
        "long": "펌웨어를 2.1로 올린 다음부터 노트북과 휴대폰에 동시에 연결하면 왼쪽 이어버드 소리가 몇 초마다 작아졌다가 돌아와요",
        "other": "케이스를 열어도 연결 창이 뜨지 않아요",
        "excerpt": "이어버드를 케이스에 넣고 버튼을 10초 동안 누르면 왼쪽과 오른쪽이 다시 짝을 이뤄요.",
        "body": "어제 업데이트한 뒤로 **왼쪽만** 끊깁니다.\n\n1. 케이스에 넣었다 뺐어요\n2. 휴대폰을 다시 켰어요\n\n> 설정에서 지웠다가 다시 등록해도 같아요.\n\n`설정 > 블루투스`에는 *연결됨*이라고 나와요.",
        "answer": "케이스에 넣고 **30분** 충전하면 2.1.1이 자동으로 설치돼요. 그래도 끊기면 아래 순서로 초기화해 주세요.\n\n1. 두 이어버드를 케이스에 넣어요.\n2. 버튼을 10초 동안 누르세요.\n3. 휴대폰에서 다시 연결해요.\n\n```\nFirmware 2.1.1 (build 418)\n```",
        "comment": "지금 해 볼게요. 감사합니다!",
        "tag": "블루투스",
        "article": "한쪽 이어버드가 끊길 때 다시 연결하는 방법",
        "help": "친구에게 말하듯 한 문장으로 적어 주세요.",
        "error": "제목을 적어 주세요. 다른 분들이 보고 알아볼 수 있게요.",
        "before": "버튼을 5초 동안 누르세요.",
        "after": "버튼을 10초 동안 누르세요.",
    },
    "en": {
        "asker": "Minji Kim",
        "answerer": "Tom Reed",
        "agent": "Sumin Park",
        "title": "Only the left earbud keeps losing the connection",
        "long": "Since the 2.1 firmware the left earbud fades out every few seconds whenever the laptop and the phone are both connected",
        "other": "The pairing window does not open with the case",
        "excerpt": "Put both buds into the case and hold the button for ten seconds: left and right pair again.",
        "body": "Since yesterday's update **only the left one** drops.\n\n1. Put both into the case\n2. Restarted the phone\n\n> Removing and adding them again changes nothing.\n\n`Settings > Bluetooth` still says *connected*.",
        "answer": "Charge them in the case for **30 minutes** and 2.1.1 installs by itself. If it still drops, reset them:\n\n1. Put both buds into the case.\n2. Hold the button for ten seconds.\n3. Connect them again on the phone.\n\n```\nFirmware 2.1.1 (build 418)\n```",
        "comment": "Trying it now. Thank you!",
        "tag": "bluetooth",
        "article": "Reconnect one earbud that keeps dropping",
        "help": "In one sentence, as you would say it to a friend.",
        "error": "Please give it a title, so that others recognise it.",
        "before": "Hold the button for five seconds.",
        "after": "Hold the button for ten seconds.",
    },
}


class ExampleForm(forms.Form):
    """One field of each kind."""

    def __init__(self, *args: Any, words: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"] = forms.CharField(
            label=_("What is the problem?"),
            help_text=words["help"],
            error_messages={"required": words["error"]},
        )
        self.fields["product"] = forms.ChoiceField(
            label=_("Product"), choices=[("", "—"), ("buds", "Nova Buds")], required=False
        )
        self.fields["theme"] = forms.ChoiceField(
            label=_("Appearance"), widget=forms.RadioSelect, required=False,
            choices=[("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
        )  # fmt: skip
        self.fields["mail"] = forms.BooleanField(
            label=_("mail me about answers to what I watch"), required=False, initial=True
        )
        self.fields["body"] = forms.CharField(
            label=_("Tell us more"), widget=forms.Textarea(attrs={"rows": 6}), required=False
        )


class Rows(list):
    """A list that also answers .all(), as a prefetched relation does."""

    def all(self) -> "Rows":
        return self


def cell(language: str) -> dict[str, Any]:
    """Everything that one column of the guide shows, in one language."""
    with override(language):
        return _cell(language, WORDS[language], 1000 if language == "ko" else 2000)


def _cell(language: str, words: dict[str, str], pk: int) -> dict[str, Any]:
    now = timezone.now()
    asker, answerer = (
        User(username=f"minji-{language}", display_name=words["asker"]),
        User(username="tom", display_name=words["answerer"]),
    )
    agent = User(username="sumin", display_name=words["agent"], is_staff=True)
    product = Product(
        slug="nova-buds",
        name="Nova Buds",
        name_ko="노바 버즈",
        summary="Wireless earbuds",
        summary_ko="무선 이어폰",
        icon="headphones",
    )

    def question(n: int, **changes: Any) -> Thing:
        given: dict[str, Any] = {
            "pk": pk + n, "title": words["title"], "language": language, "status": "open", "solved_at": None, "duplicate_of_id": None,
            "answer_count": 2, "author": asker, "author_id": 1, "created_at": now - timedelta(hours=3), "product": product,
            "release": Release(name="2.1"), "tags": Rows([Tag(name=words["tag"])]), "edited_at": None, "get_absolute_url": "#question",
            "html": text.render(words["body"]),
        }  # fmt: skip
        return Thing(**given | changes)

    def answer(n: int, author: User | None, **changes: Any) -> Thing:
        given: dict[str, Any] = {
            "pk": pk + n, "author": author, "author_id": n, "status": "open", "html": text.render(words["answer"]), "helpful": 12, "unhelpful": 1,
            "created_at": now - timedelta(minutes=40), "edited_at": None, "comments": Rows(), "promotion": None, "get_absolute_url": "#answer",
        }  # fmt: skip
        return Thing(**given | changes)

    comment = Thing(
        pk=pk,
        html=text.render(words["comment"]),
        author=asker,
        status="open",
        edited_at=None,
        created_at=now - timedelta(minutes=5),
    )
    article = Thing(
        pk=pk, title=words["article"], language=language, status="published", product=product, verified_at=now - timedelta(days=20),
        published_at=now, updated_at=now, get_absolute_url="#article",
    )  # fmt: skip
    found = [
        Thing(
            kind="article", object=article, title=words["article"], excerpt=words["excerpt"], url="#article"
        ),
        Thing(
            kind="answer",
            object=answer(8, answerer),
            title=words["other"],
            excerpt=words["excerpt"],
            url="#answer",
        ),
        Thing(kind="question", object=question(9), title=words["title"], excerpt="", url="#question"),
    ]
    suggestion = {"outcome": "", "article": article, "answer": None, "reasons": ["title", "product"]}
    return {
        "language": language, "words": words, "asker": asker, "answerer": answerer, "agent": agent, "product": product, "article": article,
        "draft": Thing(**vars(article) | {"status": "draft"}), "archived": Thing(**vars(article) | {"status": "archived"}),
        "question": question(0, solved_at=now), "long_ago": now - timedelta(days=4), "comment": comment,
        "states": [
            question(1, answer_count=0), question(2), question(3, solved_at=now), question(4, status="closed"),
            question(5, duplicate_of_id=1), question(6, status="held", answer_count=0), question(7, status="removed"),
        ],
        "rows": [
            question(11, answer_count=0, title=words["other"]), question(12, solved_at=now, answer_count=3),
            question(13, title=words["long"], answer_count=1204, author=None), question(14, status="held", answer_count=0),
        ],
        "answers": [
            answer(21, agent, comments=Rows([Thing(comment=comment, can={"edit": True, "flag": True})])), answer(22, answerer, helpful=3, unhelpful=0, edited_at=now - timedelta(minutes=2)),
            answer(23, None, helpful=0, unhelpful=0, status="held"),
        ],
        "accepted": pk + 21, "found": found, "can_all": dict.fromkeys(("accept", "edit", "withdraw", "vote", "comment", "flag", "nominate"), True),
        "suggestions": [Thing(pk=pk + 1, **suggestion)], "put_aside": [Thing(pk=pk + 2, **suggestion | {"outcome": "not_helpful"})],
        "form": ExampleForm(words=words, auto_id=f"{language}_%s"),
        "wrong": ExampleForm({"body": words["body"]}, words=words, auto_id=f"{language}_wrong_%s"),
        "tabs": [
            {"url": "#", "text": _("All"), "current": True, "count": 1204}, {"url": "#", "text": _("Unanswered"), "count": 12},
            {"url": "#", "text": _("Solved"), "count": 890},
        ],
        "crumbs": [{"url": "#", "text": _("Articles")}, {"url": "#", "text": product.name_ko if language == "ko" else product.name}, {"text": words["article"]}],
        "menu": [{"url": "#", "text": _("Edit"), "icon": "pencil"}, {"action": "#", "text": _("Withdraw"), "icon": "trash-2", "danger": True}],
        "lines": [
            Thing(kind="same", text=words["excerpt"]), Thing(kind="removed", text=words["before"]),
            Thing(kind="added", text=words["after"]), Thing(kind="gap", text=""),
        ],
        "page": Thing(next_url="?cursor=2", previous_url="?"),
        "headings": [(2, f"h-{language}-1", words["title"]), (3, f"h-{language}-2", words["before"]), (2, f"h-{language}-3", words["other"])],
        "tens": range(10),
    }  # fmt: skip
