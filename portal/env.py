"""Typed readers of the environment that refuse bad values with one sentence naming them."""

import os
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

_NAME_A_HOST = ("http", "https", "redis", "rediss", "smtp", "smtp+tls", "smtp+ssl", "smtps")
_NAME_A_PATH = ("sqlite", "postgres", "postgresql", "pgsql", "unix", "whoosh")


def text(name: str, default: str = "") -> str:
    """Read a value as it stands; an empty one counts as absent."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool) -> bool:
    """Read an on/off switch, refusing anything but "1" or "0"."""
    value = text(name, "1" if default else "0")
    if value not in ("0", "1"):
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def choice(name: str, options: tuple[str, ...]) -> str:
    """Read one word out of a fixed set; the first option is the default."""
    value = text(name, options[0])
    if value not in options:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(options)}, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """Read a comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    """Read a folder's path, made if it is not there, and refuse one that nothing can be written to."""
    path = Path(text(name, str(default))).resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"{name} cannot be the folder {path}: {error.strerror}.") from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise ImproperlyConfigured(f"{name} cannot be the folder {path}: it may not be written to.")
    return path


def time_zone(name: str, default: str) -> str:
    """Read the name of a time zone that is known here."""
    value = text(name, default)
    try:
        ZoneInfo(value)
    except (LookupError, ValueError, OSError):
        raise ImproperlyConfigured(f"{name} must be a time zone such as {default}, not {value!r}.") from None
    return value


def url(name: str, default: str, schemes: tuple[str, ...]) -> str:
    """Read an address; refuse one whose scheme nobody here can speak, or that names no host, file or port where it must.

    The address is never repeated in the refusal: it may hold a password.
    """
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in schemes:
        raise ImproperlyConfigured(
            f"{name} must start with one of {', '.join(s + '://' for s in schemes)}; "
            f"it starts with {(parts.scheme or 'nothing')!r}."
        )
    if parts.scheme in _NAME_A_HOST and not parts.hostname:
        raise ImproperlyConfigured(f"{name} names no host: {parts.scheme}://HOST is what it needs.")
    if parts.scheme in _NAME_A_PATH and not parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} ends too soon: a path or name must follow {parts.scheme}://.")
    try:
        _ = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{name} names a port that is no number from 0 to 65535.") from None
    return value
