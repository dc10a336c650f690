"""One process that starts the others, carries their log lines, restarts what dies and stops all together.

It imports everything once and forks each child from that state, so that code, the Korean analyser and the
models are in memory once, and a restart takes a fraction of a second. It has no threads and no connections:
what forks must hold nothing that two processes could use at once.
"""

import contextlib
import fcntl
import json
import os
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from portal.embedded import die_with_parent, name_process

NAME = "haedap"  # of the supervisor; its children are haedap-web-1 and so on, as `top` shows them
GRACE = 7.0  # seconds that children have to finish what they do
QUICK = 10.0  # a child that lives shorter than this has not really started
GIVE_UP = 8  # quick deaths in a row
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StartError(Exception):
    """Why nothing was started: one sentence for the person at the terminal."""


def lock(home: Path) -> IO[str]:
    """Take this data folder for one supervisor; the kernel gives it back whatever happens to the process."""
    handle = (home / "lock").open("a+")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.seek(0)
        pid = handle.read().strip() or "unknown"
        handle.close()
        raise StartError(
            f"Haedap is already running on {home} (process {pid}). Stop it first, or set HAEDAP_HOME to another folder."
        ) from None
    handle.truncate(0)
    handle.write(f"{os.getpid()}\n")
    handle.flush()
    return handle


def mark_children(home: Path, *, seconds: float = 15) -> None:
    """Wait for what a killed supervisor left behind, then take the mark that every child of this one inherits.

    The kernel ends such children at once, but Valkey writes its data first: two of them must never meet in one folder.
    The mark is a lock on a file that stays open in all children, whatever they run, and falls with the last of them.
    """
    mark = os.open(home / "children", os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(mark, True)
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > until:
                raise StartError(
                    f"Processes of an earlier start still run on {home} although their supervisor is gone. "
                    "Stop them first, or set HAEDAP_HOME to another folder."
                ) from None
            time.sleep(0.05)
        else:
            return


@dataclass
class Child:
    """A process that should be there: its name in the logs and what it runs."""

    name: str
    run: Callable[[], object]
    last: bool = False  # stopped after all others: they need it to finish
    pid: int = 0
    output: int = -1
    partial: bytes = b""
    started_at: float = 0.0
    quick_deaths: int = 0
    start_at: float | None = field(default=0.0)
    told: int = 0  # the last signal it was sent to stop


class Supervisor:
    """Runs the children until it is told to stop; `ready` says once whether all of them serve."""

    def __init__(
        self,
        children: list[Child],
        *,
        ready: Callable[[], bool],
        announce: Callable[[], str],
        json_logs: bool = False,
    ) -> None:
        self.children = children
        self.ready, self.announce, self.json_logs = ready, announce, json_logs
        self.width = max(len(child.name) for child in children)
        self.selector = selectors.DefaultSelector()
        self.stopping_since: float | None = None
        self.failed = False
        self.hurry = False

    # ------------------------------------------------------------- the loop

    def run(self) -> int:
        """Start everything and stay until it is stopped; the exit code."""
        name_process(NAME)
        self._wake, wake = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._inherited = [self._wake, wake]
        self.selector.register(self._wake, selectors.EVENT_READ)
        announced = False
        next_look = 0.0
        while self._tend():
            for key, _events in self.selector.select(0.1):
                if key.fd == self._wake:
                    with contextlib.suppress(BlockingIOError):
                        os.read(self._wake, 512)
                else:
                    self._carry(key.data)
            if not announced and self.stopping_since is None and time.monotonic() >= next_look:
                if announced := self.ready():
                    self.say(self.announce())
                next_look = time.monotonic() + 0.2
        self.say("Stopped.")
        return 1 if self.failed else 0

    def _tend(self) -> bool:
        """Reap, start and stop what is due; False once everything has ended after a stop."""
        now = time.monotonic()
        for child in self.children:
            if child.pid:
                self._reap(child, now)
            elif child.start_at is not None and now >= child.start_at and self.stopping_since is None:
                self._start(child)
        if self.stopping_since is not None:
            self._stop(now)
            return any(child.pid for child in self.children)
        return True

    def _on_stop(self, *_args: object) -> None:
        # A second Ctrl-C means now.
        self.hurry = self.stopping_since is not None
        if self.stopping_since is None:
            self._begin_stop()

    def _begin_stop(self) -> None:
        self.stopping_since = time.monotonic()
        for child in self.children:
            if not child.last:
                self._tell(child, signal.SIGTERM)

    def _stop(self, now: float) -> None:
        waited = now - (self.stopping_since or now)
        others = [child for child in self.children if child.pid and not child.last]
        if self.hurry or waited > GRACE:
            for child in others:
                self._tell(child, signal.SIGKILL)
        if not others:
            for child in self.children:
                self._tell(child, signal.SIGKILL if waited > GRACE + 2 else signal.SIGTERM)

    @staticmethod
    def _tell(child: Child, number: int) -> None:
        if child.pid and child.told != number:
            child.told = number
            _signal(child.pid, number)

    # ------------------------------------------------------------- children

    def _start(self, child: Child) -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        read_end, write_end = os.pipe()
        me = os.getpid()
        pid = os.fork()
        if pid == 0:
            _become(child, write_end, [read_end, *self._inherited, *self._outputs()], parent=me)
        os.close(write_end)
        os.set_blocking(read_end, False)
        child.pid, child.output, child.partial = pid, read_end, b""
        child.started_at, child.start_at, child.told = time.monotonic(), None, 0
        self.selector.register(read_end, selectors.EVENT_READ, child)

    def _outputs(self) -> list[int]:
        return [child.output for child in self.children if child.output >= 0]

    def _reap(self, child: Child, now: float) -> None:
        pid, status = os.waitpid(child.pid, os.WNOHANG)
        if not pid:
            return
        self._carry(child)
        self._close(child)
        child.pid = 0
        if self.stopping_since is not None:
            return
        lived = now - child.started_at
        child.quick_deaths = child.quick_deaths + 1 if lived < QUICK else 1
        if child.quick_deaths >= GIVE_UP:
            self.failed = True
            self.say(
                f"{child.name} ended {GIVE_UP} times in a row right after its start; giving up. Its last lines say why."
            )
            self._begin_stop()
            return
        wait = min(10.0, 0.1 * 2**child.quick_deaths)
        child.start_at = now + wait
        self.say(f"{child.name} ended ({_how(status)}); starting it again in {wait:.1f} s.")

    # ------------------------------------------------------------- log lines

    def _carry(self, child: Child) -> None:
        """Pass on what a child has written, whole lines only."""
        if child.output < 0:
            return
        while True:
            try:
                block = os.read(child.output, 65536)
            except BlockingIOError:
                return
            if not block:
                self._close(child)
                return
            *lines, child.partial = (child.partial + block).split(b"\n")
            for line in lines:
                self._write(child.name, line.decode("utf-8", "replace"))

    def _close(self, child: Child) -> None:
        if child.output < 0:
            return
        if child.partial:
            self._write(child.name, child.partial.decode("utf-8", "replace"))
        self.selector.unregister(child.output)
        os.close(child.output)
        child.output, child.partial = -1, b""

    def say(self, sentence: str) -> None:
        """Tell the person at the terminal something."""
        for line in sentence.splitlines():
            self._write("haedap", line)

    def _write(self, name: str, line: str) -> None:
        if not line.strip():
            return
        if not self.json_logs:
            line = f"{time.strftime('%H:%M:%S')} {name:<{self.width}} | {line}"
        elif line.startswith("{"):
            line = f'{{"process": {json.dumps(name)}, {line[1:]}'
        else:
            line = json.dumps({"process": name, "message": line}, ensure_ascii=False)
        try:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        except (BrokenPipeError, ValueError):  # nobody reads any more; the site goes on
            sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115


def _become(child: Child, output: int, inherited: list[int], *, parent: int) -> None:
    """In the fork: leave behind all that is the supervisor's, then run; never returns."""
    code = 1
    try:
        # Its own group, so that Ctrl-C reaches the supervisor alone, which stops the rest in order.
        os.setpgid(0, 0)
        name_process(f"{NAME}-{child.name}")
        die_with_parent(signal.SIGTERM if child.last else signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        signal.set_wakeup_fd(-1)
        for number in (*STOP_SIGNALS, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        for descriptor in inherited:
            os.close(descriptor)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        result = child.run()
        code = result if isinstance(result, int) else 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  (said in the log, then the process ends)
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _how(status: int) -> str:
    code = os.waitstatus_to_exitcode(status)
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
