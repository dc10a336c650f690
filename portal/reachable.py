"""Whether the servers that the settings name answer, asked before anything starts: one sentence if not."""

import time
from contextlib import closing
from typing import Any

import redis
from django.conf import settings
from django.db import connection

from portal.supervisor import StartError

SECONDS = 5


def check_database() -> None:
    """Open the database once, past any pool; StartError if that does not work."""
    database: Any = connection  # the stubs know only what all kinds of database have
    params = database.get_connection_params()
    if database.vendor == "postgresql":
        params["connect_timeout"] = SECONDS
    try:
        with closing(database.Database.connect(**params)) as opened:
            opened.execute("SELECT 1 FROM sqlite_schema" if database.vendor == "sqlite" else "SELECT 1")
    except database.Database.Error as error:
        raise StartError(
            f"The database that DATABASE_URL names cannot be opened: {_first_line(error)}."
        ) from None


def check_broker() -> None:
    """Ask a Redis of the operator's own, for some seconds, since both may start at once; StartError if it stays away."""
    until = time.monotonic() + SECONDS
    while True:
        try:
            with redis.Redis.from_url(
                settings.REDIS_URL, socket_timeout=SECONDS, socket_connect_timeout=SECONDS
            ) as client:
                client.ping()
        except redis.RedisError as error:
            if time.monotonic() > until:
                raise StartError(
                    f"The Redis that REDIS_URL names does not answer: {_first_line(error)}."
                ) from None
            time.sleep(0.2)
        else:
            return


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].strip().rstrip(".")
