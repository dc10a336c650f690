"""A person's news: the list, the badge, marking as read, and stopping a kind of mail without signing in."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import services
from community.models import Watch
from portal.core import mail, notify
from portal.core.entrance import signed_in_to_act
from portal.core.models import Notification
from portal.core.paging import keyset


@login_required
@require_safe
@never_cache
def notifications(request: HttpRequest) -> HttpResponse:
    """News, newest first; ?show=unread leaves out what was read."""
    unread = request.GET.get("show") == "unread"
    rows = Notification.objects.for_person(request.user).select_related("actor")
    page = keyset(rows.unread() if unread else rows, request.GET, size=30)
    return render(request, "community/notifications.html", {"page": page, "only_unread": unread})


@require_safe
@never_cache
def badge(request: HttpRequest) -> HttpResponse:
    """How many pieces of news wait, for the bell."""
    return render(request, "community/notifications_badge.html")


@signed_in_to_act
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark news as read: one (pk), or all up to the newest that the page showed (upto)."""
    one, newest = _number(request.POST.get("pk", "")), _number(request.POST.get("upto", ""))
    own = Notification.objects.for_person(request.user).unread()
    own = own.filter(pk=one) if one else own.filter(pk__lte=newest)
    notify.mark_read(person=request.user, pks=list(own.values_list("pk", flat=True)[:10_000]))
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return redirect("community:notifications")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@csrf_exempt  # mail programs post here by themselves (RFC 8058); the signed address is the permission
@require_http_methods(["GET", "POST"])
@never_cache
def stop_mail(request: HttpRequest, token: str) -> HttpResponse:
    """Stop one kind of mail: a GET asks, only a POST acts, for links in mails are opened by scanners too."""
    stop = mail.read_stop(token)
    if stop is None:
        raise Http404
    done, watch = "", _watch_of(stop)
    if request.method == "POST":
        act = request.POST.get("act")
        if act == "unwatch" and watch is not None:
            services.unwatch(person=watch.person, question=watch.question, article=watch.article)
            done, watch = "unwatched", None
        else:
            done = "resumed" if act == "resume" else "stopped"
            mail.set_choice(stop=stop, wanted=done == "resumed")
    return render(request, "community/notifications_stop.html", {"stop": stop, "done": done, "watch": watch})


def _watch_of(stop: mail.Stop) -> Watch | None:
    """What the mail was about, if its reader watches it: leaving that alone may be all they want."""
    kind, _hyphen, pk = stop.thread.partition("-")
    if kind not in ("question", "article"):
        return None
    watches = Watch.objects.filter(person=stop.person, **{kind: _number(pk)})
    return watches.select_related("person", "question", "article").first()
