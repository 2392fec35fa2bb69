"""How many processor cores there are, and how workers and threads share them."""

import math
import os
from pathlib import Path

SYSTEM = Path("/sys")


def physical_cores(system: Path = SYSTEM) -> int:
    """Cores that this process may use: threads of one core counted once, and no more than a container's quota allows."""
    usable = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set(range(os.cpu_count() or 1))
    cores = {_core(system, number) for number in usable}
    return max(1, min(len(cores), _quota(system)))


def share_cores(workers: int, threads: int, cores: int) -> tuple[int, int]:
    """Workers and threads: a worker of one thread for each core, unless told otherwise. Matrices as small as the embedded model's
    gain nothing from a second thread: two of them took six times as long for a single sentence as one."""
    threads = threads or 1
    return workers or max(1, cores // threads), threads


def _core(system: Path, number: int) -> str:
    """What names the core that a logical processor belongs to; its own number where the system does not say."""
    path = system / f"devices/system/cpu/cpu{number}/topology/thread_siblings_list"
    return path.read_text() if path.is_file() else str(number)


def _quota(system: Path) -> int:
    """Cores that the container may use, rounded up; many if there is no limit."""
    path = system / "fs/cgroup/cpu.max"
    quota, period = path.read_text().split() if path.is_file() else ("max", "1")
    return 1 << 20 if quota == "max" else math.ceil(int(quota) / int(period))
