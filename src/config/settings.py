"""Settings: few, from the environment, the same for every process."""

from __future__ import annotations

import os
from pathlib import Path

from config.home import connecting, home, secret_key

PROJECT = Path(__file__).resolve().parent.parent
DEBUG = False
SECRET_KEY = secret_key()
ALLOWED_HOSTS = os.environ.get("YINGXU_HOSTS", "*").split(",")
#: The address that QR codes and links carry.
PUBLIC_URL = os.environ.get("YINGXU_PUBLIC_URL", "").rstrip("/")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "config.apps.House",
    "yingxu.ground",
    "yingxu.standards",
    "yingxu.team",
    "yingxu.demand",
    "yingxu.promise",
    "yingxu.work",
    "yingxu.dispatch",
    "yingxu.upkeep",
    "yingxu.verify",
    "yingxu.voice",
    "yingxu.improve",
    "yingxu.web",
]

MIDDLEWARE = [
    "yingxu.web.middleware.SecurityHeaders",
    "yingxu.web.live.NothingNew",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "yingxu.web.middleware.PageSessions",
    "yingxu.web.middleware.PageForms",
    "yingxu.web.middleware.PageAccounts",
    "yingxu.web.middleware.Language",
    "yingxu.web.middleware.Refusals",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "yingxu.web.context.shell"],
            "builtins": ["yingxu.web.templatetags.yingxu", "yingxu.web.fixed_addresses"],
            "libraries": {"i18n": "yingxu.web.fixed_words", "static": "yingxu.web.fixed_addresses"},
        },
    }
]

#: The libraries i18n and static are replaced on purpose, above.
SILENCED_SYSTEM_CHECKS = ["templates.W003"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **connecting(),
        "TEST": {"NAME": os.environ.get("YINGXU_TEST_DATABASE", "yingxu_test")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "ground.Account"
AUTHENTICATION_BACKENDS = ["yingxu.web.signing.Accounts"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "web:sign_in"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_NAME = "yingxu_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "yingxu_csrf"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
CSRF_FAILURE_VIEW = "yingxu.web.errors.stale_form"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PROJECT / "yingxu" / "locale"]
LANGUAGE_COOKIE_NAME = "yingxu_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = home() / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static.Collected"},
}
#: Tests and developers serve static files from where they lie.
WHITENOISE_USE_FINDERS = os.environ.get("YINGXU_STATIC_FINDERS") == "1"
WHITENOISE_AUTOREFRESH = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
FILES_ROOT = home() / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024

#: The house's own mail server, for notices to people; without a host no mail leaves.
EMAIL_HOST = os.environ.get("YINGXU_SMTP_HOST", "")
EMAIL_USE_SSL = os.environ.get("YINGXU_SMTP_SECURITY", "tls") == "tls"
EMAIL_USE_TLS = os.environ.get("YINGXU_SMTP_SECURITY", "tls") == "starttls"
EMAIL_PORT = int(os.environ.get("YINGXU_SMTP_PORT", "465" if EMAIL_USE_SSL else "587"))
EMAIL_HOST_USER = os.environ.get("YINGXU_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("YINGXU_SMTP_PASSWORD", "")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("YINGXU_SMTP_FROM", EMAIL_HOST_USER or "yingxu@localhost")

X_FRAME_OPTIONS = "DENY"
#: The demo offers a bar to switch roles; nothing else may.
DEMO = os.environ.get("YINGXU_DEMO") == "1"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    # the anonymous pages are named in no log (decision 29)
    "filters": {"quiet": {"()": "yingxu.web.boxes.quiet.Quiet"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["quiet"]}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("YINGXU_LOG", "WARNING")},
}
