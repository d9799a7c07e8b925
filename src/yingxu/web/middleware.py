"""What every answer gets: safe headers, the reader's language, refusals said in words."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from yingxu.ground.models import Account
from yingxu.ground.refusals import Refusal
from yingxu.web import errors

Answer = Callable[[HttpRequest], HttpResponse]
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def is_api(request: HttpRequest) -> bool:
    """Tell whether a program calls: it brings its token with every call and has no session, form or cookie."""
    return request.path_info.startswith("/api/")


class PageSessions(SessionMiddleware):
    """Sessions, for pages; a call of the API is not charged for what it never has."""

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if is_api(request) else super().__call__(request)


class PageForms(CsrfViewMiddleware):
    """Protection of the forms of pages; the API takes no cookie's word for anything."""

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if is_api(request) else super().__call__(request)


class PageAccounts(AuthenticationMiddleware):
    """Who is signed in, for pages; the API asks its token."""

    def __call__(self, request: HttpRequest) -> Any:
        return self.get_response(request) if is_api(request) else super().__call__(request)


class SecurityHeaders:
    """No inline script or style, no framing, no sniffing, no referrer to strangers."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response


class Language:
    """Chinese by default; the reader's choice (cookie), else the account's, decides. The API follows Accept-Language.

    A zone that a page chose for its times ends with the page.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self._known = {code for code, _ in settings.LANGUAGES}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        is_call = is_api(request)
        if is_call:
            language = "en" if request.META.get("HTTP_ACCEPT_LANGUAGE", "").lower().startswith("en") else ""
        elif language not in self._known and settings.SESSION_COOKIE_NAME in request.COOKIES:
            user = request.user
            language = user.language if isinstance(user, Account) else ""
        if language not in self._known:
            language = settings.LANGUAGE_CODE
        with translation.override(language), nullcontext() if is_call else timezone.override(None):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            if not is_call:
                patch_vary_headers(response, ("Cookie",))
            response.headers.setdefault("Content-Language", language)
        return response


class Refusals:
    """A refusal of a verb or a question becomes a page, a fragment or a problem document with its own words."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refusal):
            return errors.refused(request, error)
        return errors.database_away(request) if errors.is_database_away(error) else None
