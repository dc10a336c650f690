"""The whole loop through the API alone: four tokens, from a question to the article made of its answer."""

from community.models import Question
from tests.api import Api
from tests.factories import make_product


def test_the_loop_closes_with_four_tokens(cast, index):
    make_product("nova-buds")
    asker, answerer, editor, reader = (Api(person) for person in (cast.minji, cast.junho, cast.kate, None))

    asked = asker.post(
        "questions/",
        {
            "title": "이어버드가 한쪽만 들려요", "body": "업데이트 뒤로 **왼쪽**이 조용해요.", "product": "nova-buds",
            "release": "3.0", "tags": ["sound", "Left Side"], "language": "ko",
        },
    )  # fmt: skip
    assert asked.status_code == 201, asked.content
    question = asked.json()
    assert {
        "product": "nova-buds",
        "release": "3.0",
        "tags": ["left-side", "sound"],
    }.items() <= question.items()
    assert (question["author"], question["answer_count"], question["version"]) == ("minji", 0, 1)
    assert question["url"] == f"http://testserver{Question.objects.get().get_absolute_url()}"

    card = reader.get(f"questions/{question['id']}/suggestions/").json()
    assert card == {"results": [], "state": "pending"}

    body = "1. 케이스에 넣어요.\n2. 버튼을 10초 동안 눌러요.\n\n그러면 다시 연결돼서 양쪽이 모두 들려요."
    answer = answerer.post(f"questions/{question['id']}/answers/", {"body": body}).json()
    assert (answer["body"], answer["question"], answer["accepted"]) == (body, question["id"], False)
    voted = Api(cast.hana).put(f"answers/{answer['id']}/vote/", {"helpful": True})
    assert (voted.status_code, voted.json()["helpful"]) == (200, 1)

    solved = asker.post(f"answers/{answer['id']}/accept/")
    assert (solved.status_code, solved.json()["accepted_answer"]) == (200, answer["id"])
    assert solved.json()["solved_at"]
    assert reader.get(f"answers/{answer['id']}/").json()["accepted"] is True

    promotion = answerer.post("promotions/", {"answer": answer["id"]})
    assert promotion.status_code == 201, promotion.content
    pk = promotion.json()["id"]
    [row] = editor.get("promotions/?state=candidate").json()["results"]
    assert (row["id"], row["answer"], row["question"]) == (pk, answer["id"], question["id"])
    changes = {
        "title": "이어버드가 한쪽만 들려요. 어떻게 하나요?",
        "body": "## 해결\n\n" + body,
        "product": "nova-buds",
        "tags": ["sound"],
    }
    draft = editor.patch(f"promotions/{pk}/", changes).json()
    assert (draft["state"], draft["title"], draft["tags"]) == ("draft", changes["title"], ["sound"])
    published = editor.post(f"promotions/{pk}/publish/")
    assert published.status_code == 200, published.content
    article = published.json()
    assert (article["state"], article["revision"], article["product"]) == ("published", 1, "nova-buds")
    assert [credit["person"] for credit in article["credits"]] == ["junho"]
    assert article["sources"][0]["id"] == answer["id"]
    assert (
        article["sources"][0]["url"] == f"http://testserver/questions/{question['id']}/#answer-{answer['id']}"
    )
    assert reader.get(f"articles/{article['slug']}/").json() == article
    assert reader.get(f"answers/{answer['id']}/").json()["article"] == article["slug"]
    assert editor.get(f"promotions/{pk}/").json()["article"] == article["slug"]

    assert reader.post(f"articles/{article['slug']}/feedback/", {"helpful": True}).status_code == 204
    assert reader.get(f"articles/{article['slug']}/").json()["helpful"] == 1
