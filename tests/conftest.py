"""Where every test starts: an own data folder, an own embedded Valkey, four kinds of people, no network.

The environment is set here, before Django reads it (which is why pyproject.toml names no settings module).
DATABASE_URL is kept, so that the same tests run on PostgreSQL.
"""

import atexit
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

HOME = Path(tempfile.mkdtemp(prefix="haedap-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
(HOME / "static").mkdir()

for name in ("REDIS_URL", "SEARCH_URL", "EMBEDDINGS_URL", "LLM_URL", "LOG_FORMAT", "SITE_NAME", "TIME_ZONE"):
    os.environ.pop(name, None)
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "portal.settings",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # Playwright's loop runs in the thread that also makes the rows
    "HAEDAP_HOME": str(HOME),
    "SECRET_KEY": "a key for the tests alone",
    "DEBUG": "1",  # plain static files; Django's test runner turns it off again before the first test
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "EMAIL_URL": "memorymail://",
    "EMBEDDINGS_URL": "none",  # words alone; tests of the vectors turn them on
}


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings
    from django.core.management import call_command

    from portal.core.management.commands import compile_catalogues

    if not hasattr(config, "workerinput"):  # once, before the workers start
        call_command(compile_catalogues.Command(), verbosity=0)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        # A file, not memory: threads and other processes see the same rows.
        from django.db import connections

        connections["default"].settings_dict["TEST"]["NAME"] = str(HOME / "test.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def valkey() -> Iterator[Path]:
    """The broker, cache, channel layer and limit store of this worker; its socket."""
    from django.conf import settings

    from portal.embedded import start_valkey, wait_for_valkey

    server = start_valkey(socket=settings.REDIS_SOCKET, home=HOME)
    assert wait_for_valkey(settings.REDIS_SOCKET), server.stdout and server.stdout.read()
    yield settings.REDIS_SOCKET
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="session")
def _valkey_client(valkey: Path) -> Iterator:
    import redis

    with redis.Redis(unix_socket_path=str(valkey)) as client:
        yield client


@pytest.fixture(autouse=True)
def _clean_valkey(_valkey_client) -> None:
    """No limit, cache entry or queued task outlives its test."""
    _valkey_client.flushall()


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """The language of a test's last request does not outlive the test."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """minji and junho, customers; mod, a moderator; kate, an editor; hana, staff."""
    from tests.factories import make_user

    return SimpleNamespace(
        minji=make_user("minji", display_name="김민지", language="ko"),
        junho=make_user("junho", display_name="박준호", language="ko"),
        mod=make_user("mod", role="moderator"),
        kate=make_user("kate", role="editor", display_name="Kate", language="en"),
        hana=make_user("hana", role="staff", display_name="하나", language="ko"),
    )


@pytest.fixture
def index(settings, tmp_path: Path) -> Iterator[Path]:
    """An own, empty search index; the path of its folder."""
    from haystack import connections

    path = tmp_path / "index"
    options = settings.HAYSTACK_CONNECTIONS["default"] | {"PATH": str(path)}
    settings.HAYSTACK_CONNECTIONS = {"default": options}
    before = connections.connections_info
    connections.connections_info = settings.HAYSTACK_CONNECTIONS
    connections.reload("default")
    yield path
    # The engine reads the settings, which are put back only after this: without them it would keep this folder.
    settings.HAYSTACK_CONNECTIONS = connections.connections_info = before
    connections.reload("default")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    # A worker that inherited this would read the settings before this file has given it a folder of its own.
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of what only PostgreSQL shows are left out where it is not the database."""
    from django.conf import settings

    if "postgresql" not in settings.DATABASES["default"]["ENGINE"]:
        skip = pytest.mark.skip(reason="DATABASE_URL names no PostgreSQL")
        for item in items:
            if "postgres" in item.keywords:
                item.add_marker(skip)


if importlib.util.find_spec("playwright") is not None:

    @pytest.fixture(scope="session")
    def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
        """The machine's own Chromium where there is one, else Playwright's."""
        found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
        own = {"executable_path": found} if found else {}
        return browser_type_launch_args | own | {"args": ["--no-sandbox", "--disable-dev-shm-usage"]}
