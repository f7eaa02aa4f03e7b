"""Settings shared by every kind of run; what differs by deployment comes from config/env.py."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF

from permea.config import env as _env

ENV = _env.read_env(os.environ)
PACKAGE = Path(__file__).resolve().parents[2]
DATA_DIR = ENV.data_dir
BASE_URL = ENV.base_url

SECRET_KEY = _env.secret_key(ENV)
DEBUG = False
ALLOWED_HOSTS = [ENV.base_url.split("://")[1].rsplit(":", 1)[0], "127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [ENV.base_url]

STEPS = [
    "permea.foundation",
    "permea.people",
    "permea.surface",
    "permea.ledger",
    "permea.partners",
    "permea.agreements",
    "permea.disclosures",
    "permea.strategy",
    "permea.challenges",
    "permea.ideas",
    "permea.dialogue",
    "permea.trials",
    "permea.evaluation",
    "permea.selection",
    "permea.projects",
    "permea.campus",
    "permea.alliances",
    "permea.risks",
    "permea.measures",
    "permea.notifications",
    "permea.connectors",
]
INSTALLED_APPS = [
    *STEPS,
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks_db",
    "csp",
    "ninja",
]
MIDDLEWARE = [
    "permea.surface.middleware.TrustedProxy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "permea.surface.middleware.ReaderLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "permea.surface.middleware.ReaderTimeZone",
    "permea.surface.middleware.SecurityHeaders",
]
ROOT_URLCONF = "permea.config.urls"
WSGI_APPLICATION = "permea.config.wsgi.application"
TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": False,
        "DIRS": [PACKAGE / step.removeprefix("permea.") / "templates" for step in STEPS],
        "OPTIONS": {
            "environment": "permea.surface.pages.environment",
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "permea.surface.pages.frame",
            ],
        },
    },
    {
        "NAME": "django",
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

DATABASES = {"default": _env.database(ENV)}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
    }
    if ENV.processes > 1
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["permea.people.adapters.SessionBackend"]
ACCOUNT_ADAPTER = "permea.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 4
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_TIMEOUT = 1800
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "20/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key",
    "signup": "20/m/ip",
    "confirm_email": "1/10s/key",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Permea"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENV.is_https
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/today/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENV.is_https
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
CSRF_COOKIE_SECURE = ENV.is_https
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "permea.surface.errors.csrf_failure"
SECURE_HSTS_SECONDS = 31536000 if ENV.is_https else 0
SECURE_SSL_REDIRECT = ENV.is_https and ENV.trust_proxy
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENV.trust_proxy else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUST_PROXY = ENV.trust_proxy
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español"), ("fr", "Français"), ("it", "Italiano")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600
CLAMAV, CLAMAV_DOWN = ENV.clamav, ENV.clamav_down
TRANSLATOR = ENV.translator
SEMANTIC = ENV.semantic
UPLOAD_MAX_BYTES = ENV.upload_megabytes * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 3000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000

MAIL_IS_KEPT = not ENV.mail_url
EMAIL_BACKEND = "permea.notifications.backend.MailBackend"
DEFAULT_FROM_EMAIL = ENV.mail_from
INBOX_URL, INBOX_ADDRESS, INBOX_BOX = ENV.inbox_url, ENV.inbox_address, ENV.inbox_box
SERVER_EMAIL = ENV.mail_from
for _name, _value in _env.mail(ENV).items():
    globals()[_name] = _value

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    # It warns of certificates nobody vouches for, as our own are; whom to trust is left to readers.
    "loggers": {"pyhanko.sign.validation": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS = ["fields.W342"]
RATE_LIMITS = True
DEMO = ENV.demo
HOOKS_PRIVATE = ENV.hooks_private
TIMESTAMP_URL, TIMESTAMP_PRIVATE = ENV.timestamp_url, ENV.timestamp_private
