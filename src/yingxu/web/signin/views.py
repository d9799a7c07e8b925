"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yingxu.ground import actions, queries
from yingxu.ground.actor import engine
from yingxu.web import navigation, saying
from yingxu.web.addresses import address_of
from yingxu.web.signin.forms import SignInForm
from yingxu.web.signing import actor_of

_BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    knocked = actions.sign_in(
        username=form.cleaned_data["username"],
        password=form.cleaned_data["password"],
        address=address_of(request),
        actor=engine("door"),
        at=timezone.now(),
    )
    if knocked.account_id is None:
        form.add_error(None, _why(knocked.wait_s))
        return _page(request, form, status=429 if knocked.wait_s else 403)
    return _enter(request, knocked.account_id)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if actor is not None:
        actions.sign_out(person=actor, actor=engine("door"), at=timezone.now())
    logout(request)
    return redirect("web:home")


@require_POST
def switch_role(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    account = queries.account_for_sign_in(request.POST.get("username", ""))
    if account is None:
        raise Http404
    return _enter(request, account.pk)


def _enter(request: HttpRequest, account_id: int) -> HttpResponse:
    account = queries.account_with_holdings(account_id)
    if account is None:  # closed between the password and here
        raise Http404
    login(request, account, backend=_BACKEND)
    return redirect(_asked_for(request) or navigation.first_page(queries.actor_of_account(account)))


def _asked_for(request: HttpRequest) -> str:
    """Return the page that sent the person here, if it is one of ours."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else ""


def _why(wait_s: int) -> str:
    if wait_s:
        time = saying.duration(wait_s + 59)
        return _("Too many wrong tries. Wait %(time)s, then try again; your password was not changed.") % {"time": time}
    return _("Account and password do not fit together. Look at capital letters; forgotten it? Ask your administrator.")


def _page(request: HttpRequest, form: SignInForm, *, status: int = 200) -> HttpResponse:
    next_page = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "web/signin/sign_in.html", {"form": form, "next": next_page}, status=status)
