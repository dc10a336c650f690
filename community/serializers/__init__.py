"""Input and output of the community's API. Limits and validators are the model fields' own."""

from community.serializers.acts import (
    DecisionSerializer,
    DuplicateSerializer,
    EntrySerializer,
    FlagSerializer,
    SuggestionOutcomeSerializer,
    SuggestionsSerializer,
    VoteSerializer,
)
from community.serializers.posts import (
    AnswerSerializer,
    CommentSerializer,
    QuestionFilters,
    QuestionSerializer,
)
from community.serializers.promotions import (
    NominationSerializer,
    PromotionFilters,
    PromotionSerializer,
    RejectionSerializer,
)
from community.serializers.searching import (
    ClickSerializer,
    OutcomeSerializer,
    SearchFilters,
    SearchSerializer,
    SuggestFilters,
    SuggestSerializer,
)

__all__ = [
    "AnswerSerializer",
    "ClickSerializer",
    "CommentSerializer",
    "DecisionSerializer",
    "DuplicateSerializer",
    "EntrySerializer",
    "FlagSerializer",
    "NominationSerializer",
    "OutcomeSerializer",
    "PromotionFilters",
    "PromotionSerializer",
    "QuestionFilters",
    "QuestionSerializer",
    "RejectionSerializer",
    "SearchFilters",
    "SearchSerializer",
    "SuggestFilters",
    "SuggestSerializer",
    "SuggestionOutcomeSerializer",
    "SuggestionsSerializer",
    "VoteSerializer",
]
