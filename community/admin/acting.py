"""What the community's pages of the admin ask for, and the acts that posts share."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget

from community import moderation
from community.models import BODY_MAX, COMMENT_MAX, Answer, Comment, Question
from portal.core.admin_base import Act, ReasonForm, ServiceForm
from portal.core.permissions import is_moderator


class PostForm(ServiceForm):
    """The text, and the version that was on the page: a newer one by somebody else is not overwritten."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    body = forms.CharField(
        label=_("body"),
        max_length=BODY_MAX,
        strip=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 16}),
    )


class QuestionForm(PostForm):
    class Meta:
        model = Question
        fields = ("title", "body", "product", "release", "tags", "version")


class AnswerForm(PostForm):
    class Meta:
        model = Answer
        fields = ("body", "version")


class CommentForm(PostForm):
    body = forms.CharField(
        label=_("body"), max_length=COMMENT_MAX, strip=False, widget=UnfoldAdminTextareaWidget()
    )

    class Meta:
        model = Comment
        fields = ("body", "version")


class OptionalReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("The author reads it, if you write one."),
    )  # fmt: skip


class WhyForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Editors read it; the portal will not propose this answer again."),
    )  # fmt: skip


class DuplicateForm(forms.Form):
    of = forms.IntegerField(
        label=_("Number of the older question"), min_value=1, max_value=2**62, widget=UnfoldAdminIntegerFieldWidget,
        help_text=_("It stands in the question's address. The asker is told where the answers are."),
    )  # fmt: skip

    def clean_of(self) -> Question:
        if found := Question.objects.filter(pk=self.cleaned_data["of"]).first():
            return found
        raise forms.ValidationError(_("There is no question of this number."))


# ----------------------------------------------------------------- acts on posts


RELEASE = Act(
    "release", pgettext_lazy("moderation", "Release"), lambda row, by, data: moderation.release(post=row, by=by),
    may=is_moderator, applies=lambda row: row.status == "held", icon="check",
    confirm=_("It becomes public, and whoever watches hears of it."),
)  # fmt: skip
REMOVE = Act(
    "remove", _("Remove"), lambda row, by, data: moderation.remove(post=row, by=by, reason=data["reason"]),
    may=is_moderator, applies=lambda row: row.status != "removed", form=ReasonForm, icon="block", danger=True,
)  # fmt: skip
DISMISS = Act(
    "dismiss", _("Dismiss the flags"), lambda row, by, data: moderation.dismiss(post=row, by=by, reason=data["reason"]),
    may=is_moderator, applies=lambda row: row.open_flags > 0, form=OptionalReasonForm, icon="flag",
)  # fmt: skip
