"""A model is opened only where it can work."""

import subprocess
import sys
from pathlib import Path

DENIED = """
import ctypes, sys
from mojaz_server.cli import main
PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1
assert ctypes.CDLL(None).prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0) == 0, "Linux 6.3 or later is needed"
main(["--address", "127.0.0.1:0", "--model", sys.argv[1]])
"""


def test_a_process_that_may_not_write_code_serves_no_model(tiny: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", DENIED, str(tiny)], capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 2, ended.stderr
    assert "MemoryDenyWriteExecute" in ended.stderr.splitlines()[-1]
