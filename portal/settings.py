"""The one settings file: everything a deployment turns is read here, once, from the environment."""

import contextlib
import hashlib
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import environ
from csp.constants import NONCE, NONE, SELF  # noqa: F401
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from portal import env
from portal.core.unfold import UNFOLD  # noqa: F401 (how the admin looks)

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = env.folder("HAEDAP_HOME", BASE_DIR / "var")

# ----------------------------------------------------------------- the site


def _secret_key() -> str:
    """The given key, or one made on the first start and kept in HAEDAP_HOME for its owner alone."""
    if given := env.text("SECRET_KEY"):
        return given
    path = HOME / "secret_key"
    if not path.exists():
        # Written beside and linked: of two processes that start at once, both read the key of the first.
        half = HOME / f".secret_key-{secrets.token_hex(4)}"
        half.touch(mode=0o600)
        half.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(half)
        half.unlink()
    return path.read_text() or _secret_key_missing(path)


def _secret_key_missing(path: Path) -> str:
    raise ImproperlyConfigured(f"{path} is empty: delete it, or set SECRET_KEY.")


VERSION = "0.1.0"
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = _secret_key()
SITE_NAME = env.text("SITE_NAME", "Haedap")
PORT = env.text("PORT", "8000")
SITE_URL = env.url("SITE_URL", f"http://127.0.0.1:{PORT}", ("http", "https")).rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
if (_host := urlsplit(SITE_URL).hostname) and _host not in ALLOWED_HOSTS and "*" not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(_host)
_https = SITE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_HSTS_SECONDS = 31536000 if _https else 0
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

ROOT_URLCONF = "portal.urls"
ASGI_APPLICATION = "portal.asgi.application"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "django_htmx",
    "csp",
    "lucide",
    "portal.core",
    "portal.insights",
    "kb",
    "community",
    "haystack",  # after ours, whose commands of the same name are meant
]

MIDDLEWARE = [
    "portal.core.health.RequestFigures",
    "django.middleware.security.SecurityMiddleware",
    "portal.core.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads its answers, so that their length tells nothing of a token
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.core.middleware.ReaderLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.core.middleware.AccountLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.core.middleware.RefusedInput",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.core.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "lucide.templatetags.lucide",
                "portal.core.templatetags.haedap",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ----------------------------------------------------------------- data

_database_url = env.url(
    "DATABASE_URL",
    f"sqlite:///{HOME / 'haedap.sqlite3'}",
    ("sqlite", "postgres", "postgresql", "pgsql"),
)
DATABASES = {"default": environ.Env.db_url_config(_database_url)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
            "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # under ASGI each request has its own thread
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = (
        True  # a server that was restarted leaves dead ones in the pool
    )
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}


def _redis_socket() -> Path:
    """Where the embedded server listens: inside HAEDAP_HOME unless that is too long for a socket's name."""
    path = HOME / "redis.sock"
    if len(str(path).encode()) < 100:
        return path
    return Path("/tmp") / f"haedap-{hashlib.sha256(str(HOME).encode()).hexdigest()[:16]}.sock"  # noqa: S108


REDIS_SOCKET = _redis_socket()
REDIS_EMBEDDED = not env.text("REDIS_URL")
REDIS_URL = env.url("REDIS_URL", f"unix://{REDIS_SOCKET}", ("redis", "rediss", "unix"))

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "haedap",
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": "haedap"},
    }
}
CELERY_BROKER_URL = (
    f"redis+socket://{unquote(urlsplit(REDIS_URL).path)}" if REDIS_URL.startswith("unix:") else REDIS_URL
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_connect_timeout": 2}
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: no file that a kill could leave half written
CELERY_TIMEZONE = "UTC"

SEARCH_URL = env.url("SEARCH_URL", f"whoosh://{HOME / 'index'}", ("whoosh",))
HAYSTACK_CONNECTIONS = {
    "default": {
        "ENGINE": "portal.core.search.engine.WhooshEngine",
        "PATH": unquote(urlsplit(SEARCH_URL).path),
    }
}
# Empty: the models in the process; "none": words alone; else an OpenAI-compatible server.
EMBEDDINGS_URL = env.text("EMBEDDINGS_URL")
if EMBEDDINGS_URL not in ("", "none"):
    env.url("EMBEDDINGS_URL", "", ("http", "https"))
HAYSTACK_LIMIT_TO_REGISTERED_MODELS = False  # a third of every query; kinds are filtered by one term

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# ----------------------------------------------------------------- mail

EMAIL_URL = env.url(
    "EMAIL_URL",
    f"filemail://{HOME / 'mail'}",
    ("filemail", "smtp", "smtp+tls", "smtp+ssl", "smtps", "consolemail", "memorymail"),
)
globals().update(environ.Env.email_url_config(EMAIL_URL))
if urlsplit(EMAIL_URL).scheme == "filemail":
    # django-environ takes the first slash away, and mail would lie wherever the process was started.
    EMAIL_FILE_PATH = unquote(urlsplit(EMAIL_URL).path) or str(HOME / "mail")
DEFAULT_FROM_EMAIL = env.text("FROM_EMAIL", f"{SITE_NAME} <no-reply@{_host or 'localhost'}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10

# ----------------------------------------------------------------- people

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["portal.core.backends.RolesBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USERNAME_MIN_LENGTH = 3
ACCOUNT_USERNAME_BLACKLIST = ["admin", "me", "haedap", "anonymous", "deleted"]
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {"login": "portal.core.forms.LoginForm", "signup": "portal.core.forms.SignupForm"}
USERSESSIONS_TRACK_ACTIVITY = False  # a write for each request otherwise

# ----------------------------------------------------------------- API

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.core.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.core.parsers.BoundedJson"],
    "DEFAULT_PAGINATION_CLASS": "portal.core.pagination.Keyset",
    "DEFAULT_SCHEMA_CLASS": "portal.core.openapi.Schema",
    "DEFAULT_THROTTLE_CLASSES": ["portal.core.throttling.ReaderThrottle"],
    "EXCEPTION_HANDLER": "portal.core.problems.problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{SITE_NAME} API",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "QuestionStatus": "community.models.Question.Status",
        "PostStatus": "community.models.Answer.Status",
        "FlagReason": "community.models.Flag.Reason",
        "VerdictReason": "kb.models.ArticleFeedback.Reason",
        "ArticleStatus": "kb.models.Article.Status",
        "GapState": "kb.models.ContentGap.Status",
        "PromotionState": "community.models.Promotion.State",
        "NotificationKind": "portal.core.models.Notification.Kind",
        "FoundKind": "community.finding.KINDS",
        "PostKind": "community.serializers.acts.KINDS",
    },
}

# ----------------------------------------------------------------- limits a visitor meets

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
MEDIA_ROOT = HOME / "media"
MEDIA_URL = "/media/"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# ----------------------------------------------------------------- files, words, time

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "portal.core.storage.HashedFiles"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Source maps are the largest files, take the longest to compress, and no visitor's browser asks for them.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")

LANGUAGE_CODE = "en"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "portal.formats"
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.time_zone("TIME_ZONE", "Asia/Seoul")

LLM_URL = env.text("LLM_URL")
EMBEDDINGS_URL = env.text("EMBEDDINGS_URL")

LOG_FORMAT = env.choice("LOG_FORMAT", ("text", "json"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "%(levelname)s %(name)s: %(message)s"},
        "json": {
            "class": "pythonjsonlogger.json.JsonFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "kombu": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},  # a line for each tick of beat otherwise
        "celery.worker.request": {"level": "WARNING"},  # and one for each tick that came too late to matter
        "celery.app.trace": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
    },
}
