"""How much memory a running site takes, by process, as the kernel counts it (Linux only)."""

from contextlib import suppress
from pathlib import Path

from portal.supervisor import NAME

PROC = Path("/proc")


def supervisor_of(home: Path) -> int:
    """The process that runs the site of this data folder; 0 if none does."""
    try:
        pid = int((home / "lock").read_text())
        running = (PROC / str(pid) / "comm").read_text().strip() == NAME
    except (OSError, ValueError):
        return 0
    return pid if running else 0


def processes(supervisor: int) -> dict[int, str]:
    """The supervisor and its children, by number, with the names that the log calls them."""
    found = {supervisor: "supervisor"}
    for child in (PROC / f"{supervisor}/task/{supervisor}/children").read_text().split():
        with suppress(OSError):  # it may have ended since
            name = (PROC / child / "comm").read_text().strip()
            found[int(child)] = name.removeprefix(f"{NAME}-").removesuffix("-server")
    return found


def pss(pid: int) -> int:
    """Bytes of one process in memory; what it shares counts in equal parts, so that a sum counts all once."""
    with suppress(OSError):  # it may have ended since
        for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0
