"""A hub for tests: serves folders over HTTP as huggingface_hub asks for them (revision, tree, resolve with ETag and ranges)."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(ThreadingHTTPServer):
    """Repositories by OWNER/NAME; `requests` are the paths asked for, `missing` files are listed but answered with 404."""

    daemon_threads = True

    def __init__(self, repositories: dict[str, Path]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repositories, self.requests, self.missing = repositories, list[str](), set[str]()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def serve(repositories: dict[str, Path]) -> Iterator[Hub]:
    """A running hub."""
    hub = Hub(repositories)
    thread = Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield hub
    finally:
        hub.shutdown()
        thread.join()
        hub.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: tests print no access log."""

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        self.server.requests.append(path)
        parts = path.strip("/").split("/")
        api = parts[:2] == ["api", "models"]
        name = "/".join(parts[2:4] if api else parts[:2])
        folder = self.server.repositories.get(name)
        if folder is None:
            self._send(404, b"", {"X-Error-Code": "RepoNotFound"}, body)
        elif api and parts[4] == "revision":
            files = [{"rfilename": p.name} for p in _files(folder)]
            info = {"id": name, "modelId": name, "sha": COMMIT, "private": False, "tags": [], "siblings": files}
            self._json(info, body)
        elif api and parts[4] == "tree":
            self._json(
                [{"type": "file", "path": p.name, "size": p.stat().st_size, "oid": _etag(p)} for p in _files(folder)], body
            )
        elif not api and parts[2] == "resolve":
            self._file(folder / "/".join(parts[4:]), body)
        else:
            self._send(404, b"", {}, body)

    def _json(self, value: object, body: bool) -> None:
        self._send(200, json.dumps(value).encode(), {"Content-Type": "application/json"}, body)

    def _file(self, path: Path, body: bool) -> None:
        if not path.is_file() or path.name in self.server.missing:
            self._send(404, b"", {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": COMMIT}, body)
            return
        content, status = path.read_bytes(), 200
        headers = {"ETag": f'"{_etag(path)}"', "X-Repo-Commit": COMMIT, "Accept-Ranges": "bytes"}
        if wanted := self.headers.get("Range"):
            begin, _, end = wanted.removeprefix("bytes=").partition("-")
            last = min(int(end), len(content) - 1) if end else len(content) - 1
            headers["Content-Range"] = f"bytes {begin}-{last}/{len(content)}"
            content, status = content[int(begin) : last + 1], 206
        self._send(status, content, headers, body)

    def _send(self, status: int, content: bytes, headers: dict[str, str], body: bool) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(content)


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.is_file())


def _etag(path: Path) -> str:
    return hashlib.sha1(path.read_bytes()).hexdigest()
