"""What the first digest of a server would have to read is read before it comes."""

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import asyncio, sys
from pathlib import Path
from mojaz_server.pipeline import tables
from mojaz_server.pipeline.digest import digest
from mojaz_server.pipeline.options import DigestOptions, TranslateOptions
from mojaz_server.pipeline.records import Article, Length
from mojaz_server.pipeline.romanize import romanize
from mojaz_server.pipeline.starter import starter
from mojaz_server.pipeline.warm import _Told, warm

asyncio.run(warm(starter()))
read = tables.rows.cache_info().misses
options = DigestOptions(Length(), True, TranslateOptions(starter()))
asyncio.run(digest(Article(Path(sys.argv[1]).read_text("utf-8")), options, _Told(), default_lines=3))
romanize("زنكلوان")
print(read, tables.rows.cache_info().misses)
"""


def test_no_table_is_left_for_the_first_caller(root: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(root / "docs/samples/dam.txt")]
    before, after = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert int(before) > 5
    assert before == after
