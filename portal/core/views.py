"""Pages and calls that belong to no product app: settings, preview, images, language and appearance."""

from typing import cast

from django.conf import settings as site_settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language as set_language_cookie

from portal.core import accounts, limits, text
from portal.core import styleguide as examples
from portal.core.context import THEMES
from portal.core.entrance import signed_in_to_act
from portal.core.errors import RuleError, TooLarge
from portal.core.forms import ProfileForm, TokenForm
from portal.core.images import alt_text, store_image
from portal.core.models import ApiToken, Image, User

A_YEAR = 365 * 24 * 3600
PREVIEW_MAX = 40_000


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """One page for everything a person chooses about their account."""
    person = User.objects.get(pk=request.user.pk)  # a refused form must not change the name in the header
    form = ProfileForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        accounts.update_profile(person=cast(User, request.user), changes=form.cleaned_data)
        messages.success(request, _("Your settings are saved."))
        return redirect("settings")
    status = 400 if form.errors else 200
    return render(request, "core/settings.html", _settings_context(request, form), status=status)


def _settings_context(request: HttpRequest, form: ProfileForm, **more: object) -> dict[str, object]:
    tokens = ApiToken.objects.filter(user=request.user.pk, revoked_at=None)[: accounts.TOKENS_SHOWN]
    return {"form": form, "token_form": TokenForm(prefix="token"), "tokens": tokens, **more}


@signed_in_to_act
@require_POST
def issue_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this once: it is in this answer and nowhere else."""
    person = cast(User, request.user)
    form, fresh = TokenForm(request.POST, prefix="token"), ""
    if form.is_valid():
        _row, fresh = accounts.issue_token(person=person, label=form.cleaned_data["label"])
    context = _settings_context(request, ProfileForm(instance=person), token_form=form, fresh_token=fresh)
    response = render(request, "core/settings.html", context, status=200 if fresh else 400)
    response["Cache-Control"] = "no-store"
    return response


@signed_in_to_act
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own tokens."""
    person = cast(User, request.user)
    accounts.revoke_token(token=get_object_or_404(ApiToken, pk=pk, user=person), by=person)
    messages.success(request, _("The token is revoked. Nothing can use it any more."))
    return redirect("settings")


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Show Markdown as it will look; keeps nothing."""
    limits.take("preview", by=request.user)
    body = request.POST.get("body", "").replace("\x00", "")
    if len(body) > PREVIEW_MAX:
        raise TooLarge(_("The text is longer than %(n)d characters.") % {"n": PREVIEW_MAX})
    return render(request, "components/preview.html", {"html": text.render(body)})


@require_POST
def image_upload(request: HttpRequest) -> HttpResponse:
    """Take one picture for a post; answers with its address and the Markdown that shows it."""
    file = request.FILES.get("image")
    if not request.user.is_authenticated:
        return JsonResponse({"detail": _("Please sign in to add images.")}, status=401)
    if file is None:
        return JsonResponse({"detail": _("No image came with this.")}, status=400)
    try:
        stored = store_image(file=file, by=request.user)  # type: ignore[arg-type]
    except RuleError as refusal:
        return JsonResponse({"detail": str(refusal)}, status=refusal.status)
    url = stored.file.url
    return JsonResponse({"url": url, "markdown": f"![{alt_text(file.name or '')}]({url})"}, status=201)


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def image(request: HttpRequest, prefix: str, token: str) -> FileResponse:
    """Serve one stored picture; its name never stands for another one, so it may be kept for ever."""
    row = get_object_or_404(Image, token=token, file=f"images/{prefix}/{token}.webp")
    try:
        response = FileResponse(row.file.open("rb"), content_type="image/webp")
    except FileNotFoundError:
        raise Http404 from None
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages: for this browser, and for the account of whoever is signed in."""
    chosen = request.POST.get("language", "")
    if request.user.is_authenticated and chosen in dict(site_settings.LANGUAGES):
        accounts.update_profile(person=cast(User, request.user), changes={"language": chosen})
    return set_language_cookie(request)


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark or as the device: for this browser, and for the account of whoever is signed in."""
    chosen = request.POST.get("theme", "")
    chosen = chosen if chosen in THEMES else ""
    if request.user.is_authenticated:
        accounts.update_profile(person=cast(User, request.user), changes={"theme": chosen})
    back = request.POST.get("next", "/")
    response = HttpResponseRedirect(back if text.is_local(back) else "/")
    response.set_cookie(
        "theme", chosen, max_age=A_YEAR, samesite="Lax", secure=site_settings.SESSION_COOKIE_SECURE
    )
    return response


@login_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state; for staff."""
    if not request.user.is_staff:
        raise Http404
    shown = "dark" if request.GET.get("shown") == "dark" else "light"
    sections = [(name, f"styleguide/{name}.html") for name in examples.SECTIONS]
    context = {"cells": [examples.cell("ko"), examples.cell("en")], "sections": sections, "shown": shown}
    return render(request, "styleguide.html", context)
