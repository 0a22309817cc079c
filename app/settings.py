"""One settings module for every use; what differs comes from the environment (docs/operations.md lists it)."""

import ssl
from pathlib import Path
from typing import Any

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from app.unfold_settings import UNFOLD as UNFOLD
from conversations.redis_wire import channel_host

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"

env = environ.Env()


def _required(name: str, example: str) -> str:
    value: str = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Example: {name}={example}. `python3 run.py` sets it for you.")
    return value


DEBUG: bool = env.bool("DEBUG", default=False)
EMBEDDED: bool = env.bool("EMBEDDED", default=False)
"""Started by run.py on one machine: a short drain, leases of earlier boots are void at once."""

SECRET_KEY = _required("SECRET_KEY", "a-long-random-text")
FIELD_KEYS: list[str] = env.list("FIELD_KEY", default=[])
"""Fernet keys for what is encrypted at rest, the newest first: the others still decrypt."""

PUBLIC_ORIGINS: list[str] = env.list("PUBLIC_ORIGINS", default=["http://127.0.0.1:8000", "http://localhost:8000"])
"""Scheme, host and port under which browsers reach this deployment. The socket accepts no other Origin."""
ALLOWED_HOSTS = sorted({origin.split("://", 1)[1].rsplit(":", 1)[0] for origin in PUBLIC_ORIGINS})
CSRF_TRUSTED_ORIGINS = PUBLIC_ORIGINS
_secure = all(origin.startswith("https://") for origin in PUBLIC_ORIGINS)

INSTALLED_APPS = [
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.headless",
    "auditlog",
    "app.accounts",
    "app.apps.AppConfig",
    "conversations",
    "usage",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "app.security.ContentSecurityPolicy",
    "allauth.account.middleware.AccountMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
]

ROOT_URLCONF = "app.urls"
ASGI_APPLICATION = "app.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "app" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- data -----------------------------------------------------------------------------------------------------------

DATABASES: dict[str, Any] = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'shiyong.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {
        # The pool doubles its waits between tries to connect, up to five minutes: after a long outage it would find
        # the database minutes late. Giving up soon, it begins anew with the next call.
        "pool": {
            "min_size": 1,
            "max_size": env.int("DATABASE_POOL", default=16),
            "timeout": 5,
            "reconnect_timeout": 3,
        },
        "connect_timeout": 5,
        # At once. Only conversations/statements.py sends what can be prepared; a pooler that cannot bear it: None.
        "prepare_threshold": 0 if env.bool("DATABASE_PREPARES", default=True) else None,
    }
    if idle_s := env.int("DATABASE_IDLE_S", default=10):
        # A server knows nothing of a line that swallowed its reply: it would keep the rows of that transaction locked
        # until TCP gives up, which takes hours, and no answer among them could end.
        DATABASES["default"]["OPTIONS"]["options"] = f"-c idle_in_transaction_session_timeout={idle_s}s"
        # Compiling a statement to machine code takes PostgreSQL up to three seconds. Ours are short, and rollups and
        # reports, which it takes for long ones, were up to nine times as slow with it.
        DATABASES["default"]["OPTIONS"]["options"] += " -c jit=off"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL: str = env.str("REDIS_URL", default="redis://127.0.0.1:6379/0")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [channel_host(REDIS_URL)],
            "prefix": "shiyong",
        },
    }
}

CELERY_BROKER_URL = REDIS_URL
if REDIS_URL.startswith("rediss://"):
    CELERY_BROKER_USE_SSL = {"ssl_cert_reqs": ssl.CERT_REQUIRED}  # kombu by itself would check no certificate
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 270
# kombu tries for ever to reach its broker, whatever ``retry=False`` says, unless it is told how often: an ending
# that wakes a task must not wait for Redis.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "global_keyprefix": "shiyong:celery:",
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "usage-drain-marks": {"task": "usage.tasks.drain_marks", "schedule": 15.0, "options": {"expires": 15}},
    # 03:30 in Shanghai. A machine that was off then makes up for it when it is on again.
    "usage-purge": {"task": "usage.tasks.purge", "schedule": crontab(hour=19, minute=30)},
    "usage-erase": {"task": "usage.tasks.erase_people", "schedule": 60.0, "options": {"expires": 60}},
    "conversations-title": {"task": "conversations.tasks.sweep_titles", "schedule": 60.0, "options": {"expires": 60}},
    "conversations-pending-facts": {
        "task": "conversations.tasks.record_pending_facts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "conversations-purge": {
        "task": "conversations.tasks.purge_deleted",
        "schedule": 300.0,
        "options": {"expires": 300},
    },
}

# --- people ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "app.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
EMAIL_URL: str = env.str("EMAIL_URL", default="")
# Without a mail server nobody could ever confirm: sign-up needs no confirmation then, and mails go to files.
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if EMAIL_URL else "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_confirm_email": "/signin?verify={key}",
    "account_reset_password": "/signin",
    "account_reset_password_from_key": "/signin?reset={key}",
    "account_signup": "/signup",
}
if EMAIL_URL:
    vars().update(env.email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "outbox"
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="Shiyong <no-reply@localhost>")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = _secure
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _secure
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "shiyong:cache",
        "OPTIONS": {"pool_class": "app.shared_pool.SharedPool"},
    }
}

# Who changed what in the administration. Never what people wrote, never a key or a password; and not the subject,
# whose only link to a person is the person's own row.
AUDITLOG_INCLUDE_TRACKING_MODELS = (
    {"model": "accounts.User", "exclude_fields": ["instructions", "last_login", "password", "subject"]},
    "conversations.Scenario",
    "conversations.Starter",
    "conversations.FeedbackReason",
    "conversations.Model",
    {
        "model": "conversations.ModelEndpoint",
        "exclude_fields": ["api_key_encrypted", "last_failure_at", "last_failure"],
    },
    "conversations.EndpointPrice",
    "conversations.Route",
)

# --- usage ----------------------------------------------------------------------------------------------------------

USAGE_RAW_DAYS: int = env.int("USAGE_RAW_DAYS", default=180)
"""How many whole local days raw facts are kept; then their days are sealed. 90 at least: rows of 62 days read them."""
USAGE_USER_DAYS: int = env.int("USAGE_USER_DAYS", default=400)
"""How long what single people did on a day is kept: 62 days longer than facts at least, for the same reason."""
ERASURE: str = env.str("ERASURE", default="unlink")
"""What becomes of a person's facts when their account is deleted: ``unlink`` or ``remove`` (docs/analytics.md)."""
if USAGE_RAW_DAYS < 90:
    raise ImproperlyConfigured(f"USAGE_RAW_DAYS={USAGE_RAW_DAYS}: at least 90.")
if USAGE_USER_DAYS < USAGE_RAW_DAYS + 62:
    raise ImproperlyConfigured(
        f"USAGE_USER_DAYS={USAGE_USER_DAYS}: at least USAGE_RAW_DAYS + 62 = {USAGE_RAW_DAYS + 62}."
    )
if ERASURE not in ("unlink", "remove"):
    raise ImproperlyConfigured(f"ERASURE={ERASURE}: unlink or remove.")

# --- the edges ------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "conversations.api.errors.render_error",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Shiyong",
    "VERSION": "1",
    "DESCRIPTION": "History, catalog and people of Shiyong. Answers stream over the WebSocket (docs/protocol.md).",
    "SERVE_INCLUDE_SCHEMA": False,
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "app" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
REPORTING_TIME_ZONE: str = env.str("REPORTING_TIME_ZONE", default="Asia/Shanghai")
REPORT_MIN_PEOPLE: int = env.int("REPORT_MIN_PEOPLE", default=1 if EMBEDDED else 10)
"""Reports show no group of fewer people than this; 1 shows all, which is for trying the product out."""

STATIC_URL = "/static/"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.exists() else []
# Straight from the apps and frontend/dist: one step fewer than collectstatic, and hashed names come from Vite.
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+[-.][0-9a-zA-Z_-]{8,}\..+$"

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _secure else None

# --- conversations --------------------------------------------------------------------------------------------------

_LABEL_PLACES = ["ui", "copy", "export"]
AI_LABEL: list[str] = env.list("AI_LABEL", default=[]) or _LABEL_PLACES
"""Where answers say that they were written by AI: on the page, in copies, on paper. Chinese law asks for all three."""
if AI_LABEL == ["none"]:
    AI_LABEL = []
if not set(AI_LABEL) <= set(_LABEL_PLACES):
    raise ImproperlyConfigured(f"AI_LABEL={','.join(AI_LABEL)}: some of {','.join(_LABEL_PLACES)}, or none")
UNDO_S: float = env.float("UNDO_S", default=600.0)
"""How long a deleted conversation can be brought back; then its text is purged."""
TEMPORARY_S: float = env.float("TEMPORARY_S", default=3600.0)
"""How long a temporary conversation is kept after its last turn, should its page never say that it was left."""
TURNS_PER_MINUTE: int = env.int("TURNS_PER_MINUTE", default=30)
"""How many turns a person may ask for, a third of them at once; 0 does not count."""
TURNS_PER_MINUTE_PER_ADDRESS: int = env.int("TURNS_PER_MINUTE_PER_ADDRESS", default=600)
"""The same for everybody behind one address (of IPv6, one /64)."""
TIMER_SCALE: float = env.float("TIMER_SCALE", default=1.0)
"""Multiplies every timer of a generation's life, so that tests of faults take seconds."""
DRAIN_S: float = env.float("DRAIN_S", default=3.0 if EMBEDDED else 60.0)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    # Their INFO is one line per request to a model, with its address.
    "loggers": {"httpx2": {"level": "WARNING"}, "httpcore2": {"level": "WARNING"}},
}
