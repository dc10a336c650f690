"""Time of the wall and of this process' processor, of one act after another."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Series:
    """Milliseconds of each act; `summary` makes the figures."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @contextmanager
    def act(self) -> Iterator[None]:
        """Measure what happens inside. All threads of this process count as its processor time."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall.append((time.perf_counter() - wall) * 1000)
        self.cpu.append((time.process_time() - cpu) * 1000)

    def summary(self) -> dict[str, float]:
        """The figures by name; an empty series has none."""
        if not self.wall:
            return {}
        return {
            "n": len(self.wall),
            "p50_ms": _share(self.wall, 0.5),
            "p95_ms": _share(self.wall, 0.95),
            "cpu_ms": round(sum(self.cpu) / len(self.cpu), 2),
            "cpu_p95_ms": _share(self.cpu, 0.95),
        }


def _share(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 2)
