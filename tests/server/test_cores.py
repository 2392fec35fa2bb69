"""Physical cores out of what the system says: threads of one core count once, a container's quota is kept to."""

import os
from pathlib import Path

import pytest
from mojaz_server.engine.cores import physical_cores, share_cores


def system(folder: Path, siblings: dict[int, str], quota: str = "") -> Path:
    for number, threads in siblings.items():
        path = folder / f"devices/system/cpu/cpu{number}/topology/thread_siblings_list"
        path.parent.mkdir(parents=True)
        path.write_text(threads + "\n")
    if quota:
        (folder / "fs/cgroup").mkdir(parents=True)
        (folder / "fs/cgroup/cpu.max").write_text(quota + "\n")
    return folder


@pytest.mark.parametrize(
    ("siblings", "quota", "cores"),
    [
        ({0: "0,4", 1: "1,5", 4: "0,4", 5: "1,5"}, "", 2),
        ({0: "0", 1: "1", 4: "4", 5: "5"}, "max 100000", 4),
        ({0: "0", 1: "1", 4: "4", 5: "5"}, "150000 100000", 2),
        ({0: "0"}, "10000 100000", 1),
        ({}, "", 4),
    ],
)
def test_physical_cores(
    siblings: dict[int, str], quota: str, cores: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(siblings) or {0, 1, 2, 3}, raising=False)
    assert physical_cores(system(tmp_path, siblings, quota)) == cores


@pytest.mark.parametrize(
    ("workers", "threads", "cores", "shared"),
    [(0, 0, 1, (1, 1)), (0, 0, 2, (2, 1)), (0, 0, 16, (16, 1)), (3, 0, 16, (3, 1)), (0, 4, 16, (4, 4)), (5, 2, 4, (5, 2))],
)
def test_workers_and_threads_share_the_cores(workers: int, threads: int, cores: int, shared: tuple[int, int]) -> None:
    assert share_cores(workers, threads, cores) == shared
