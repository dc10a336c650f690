"""What the supervisor starts: Valkey, two web processes, a worker, the indexing worker and beat."""

import gc
import http.client
import importlib
import importlib.util
import os
import socket
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from celery.apps.beat import Beat
from celery.exceptions import CPendingDeprecationWarning, SecurityWarning
from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.urls import get_resolver
from django.utils.module_loading import import_string

from portal import env
from portal.celery import app as celery
from portal.embedded import valkey_command, wait_for_valkey
from portal.reachable import check_broker, check_database
from portal.supervisor import Child, StartError, Supervisor, lock, mark_children

WEB_PROCESSES = 2
WEB_DRAIN = 5  # seconds that open requests have when the site stops
DEMO_ACCOUNTS = ("customer", "moderator", "editor", "staff")
DEMO_PASSWORD = "haedap-demo"  # noqa: S105  (printed on purpose; seed_demo refuses to run in production)


def serve() -> int:
    """Start the site on this machine and stay until it is stopped; the exit code."""
    bind, port = env.text("BIND", "127.0.0.1"), _port()
    held = lock(settings.HOME)
    mark_children(settings.HOME)
    listener = _listen(bind, port)
    if not settings.REDIS_EMBEDDED:
        check_broker()
    _check_database()
    _load_everything()
    _forget_counts()
    children = [
        Child(f"web-{n}", _in_child(held, lambda: _web(listener))) for n in range(1, WEB_PROCESSES + 1)
    ]
    children += [
        Child(
            "worker",
            _in_child(held, lambda: _worker("worker", queue="celery", pool="threads", concurrency=2)),
        ),
        Child(
            "indexer", _in_child(held, lambda: _worker("indexer", queue="index", pool="solo", concurrency=1))
        ),
        Child("beat", _in_child(held, _beat)),
    ]
    if settings.REDIS_EMBEDDED:
        children.insert(0, Child("valkey", _in_child(held, _valkey), last=True))
    supervisor = Supervisor(
        children,
        ready=lambda: _answers(bind, port),
        announce=lambda: greeting(settings.SITE_URL),
        json_logs=settings.LOG_FORMAT == "json",
    )
    return supervisor.run()


def greeting(address: str) -> str:
    """What the person at the terminal needs to begin."""
    lines = [f"Ready: {address}"]
    if (settings.HOME / "demo").exists():
        names = ", ".join(DEMO_ACCOUNTS)
        lines.append(f"Demo accounts: {names}. The password of each is {DEMO_PASSWORD}")
    lines.append("Ctrl-C stops everything.")
    return "\n".join(lines)


def _port() -> int:
    if not settings.PORT.isdigit() or not 0 < int(settings.PORT) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535, not {settings.PORT!r}.")
    return int(settings.PORT)


def _listen(bind: str, port: int) -> socket.socket:
    """The one socket that all web processes accept from."""
    try:
        family, _kind, _proto, _name, address = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StartError(
            f"Cannot listen on {bind}:{port}: {reason}. Set PORT (or BIND) to another one, or stop what uses it."
        ) from None
    listener.listen(2048)
    listener.setblocking(False)
    return listener


def _check_database() -> None:
    check_database()
    connection = connections["default"]
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    finally:
        # Nothing that two processes could share may be open when the first child is forked.
        connections.close_all()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
    if missing:
        raise StartError(
            "The database is older than the code. Run `manage.py migrate` first (`make run` does)."
        )


def _load_everything() -> None:
    """Import and build once what every child would otherwise have for itself."""
    import_string(settings.ASGI_APPLICATION)
    for pattern in get_resolver().url_patterns:  # imports every view
        getattr(pattern, "url_patterns", None)
    for name in (
        "uvicorn",
        "uvicorn.protocols.http.httptools_impl",
        "celery.apps.worker",
        "celery.concurrency.thread",
    ):
        importlib.import_module(name)
    celery.loader.import_default_modules()
    if importlib.util.find_spec("portal.core.search.analysis"):
        importlib.import_module("portal.core.search.analysis").warm()
        importlib.import_module("portal.core.search.encoders").warm()
    gc.collect()
    gc.freeze()  # what is here now stays: the collector need not touch (and so copy) its pages


def _forget_counts() -> None:
    """Request counts start anew with the site, as Prometheus expects."""
    for left in (settings.HOME / "metrics").glob("*.db"):
        left.unlink()


def _in_child(held: object, run: Callable[[], object]) -> Callable[[], object]:
    """A child must not hold the supervisor's lock on the data folder."""

    def start() -> object:
        held.close()  # type: ignore[attr-defined]
        return run()

    return start


def _valkey() -> None:
    settings.REDIS_SOCKET.unlink(missing_ok=True)
    command = valkey_command(socket=settings.REDIS_SOCKET, home=settings.HOME, keep=True)
    os.execv(command[0], command)  # noqa: S606


def _web(listener: socket.socket) -> int:
    import uvicorn  # noqa: PLC0415

    config = uvicorn.Config(
        settings.ASGI_APPLICATION.rpartition(".")[0] + ":application",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=WEB_DRAIN,
        ws_max_size=64 * 1024,
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    return 0


def _worker(name: str, *, queue: str, pool: str, concurrency: int) -> int:
    _wait_for_broker()
    # About pickled messages from strangers; ours are JSON.
    warnings.filterwarnings("ignore", category=SecurityWarning)
    # And about what Celery 6 may do with tasks when the broker is lost; ours are harmless to repeat either way.
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)
    worker = celery.Worker(
        hostname=f"{name}@{socket.gethostname()}",
        queues=[queue],
        pool=pool,
        concurrency=concurrency,
        loglevel="INFO",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    worker.start()
    return worker.exitcode or 0


def _beat() -> None:
    _wait_for_broker()
    Beat(app=celery, loglevel="WARNING", quiet=True).run()


def _wait_for_broker() -> None:
    if settings.REDIS_EMBEDDED:
        wait_for_valkey(Path(settings.REDIS_SOCKET))


def _answers(bind: str, port: int) -> bool:
    """Whether the site is ready to serve, asked as a reader would."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104
    asked = http.client.HTTPConnection(host, port, timeout=2)
    try:
        asked.request("GET", "/readyz", headers={"Host": urlsplit(settings.SITE_URL).netloc})
        return asked.getresponse().status == 200
    except OSError:
        return False
    finally:
        asked.close()


def limit_arenas() -> None:
    """Few memory arenas: with many short threads glibc would keep a heap for each (Linux only)."""
    if sys.platform.startswith("linux"):
        import ctypes  # noqa: PLC0415

        m_arena_max = -8
        getattr(ctypes.CDLL(None), "mallopt", lambda *_: None)(m_arena_max, 2)
