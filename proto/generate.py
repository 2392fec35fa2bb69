"""Generates the Python code and docs/api.md from the contract; with --check, fails if what is committed would change."""

import filecmp
import sys
import tempfile
from pathlib import Path

import grpc_tools
from document import api_page
from grpc_tools import protoc

ROOT = Path(__file__).parent
PAGE = ROOT.parent / "docs/api.md"
SERVICES = ("admin", "digest", "glossary", "info", "translation")
INCLUDE = Path(grpc_tools.__file__).parent / "_proto"
BIN = Path(sys.executable).parent


def main() -> int:
    committed = ROOT / "src/mojaz/v1"
    with tempfile.TemporaryDirectory() as folder:
        generated = generate(Path(folder)) / "mojaz/v1"
        page = api_page(ROOT, INCLUDE, Path(folder))
        names = sorted(path.name for path in generated.iterdir())
        old = sorted(path.name for path in committed.glob("*_pb2*"))
        if "--check" in sys.argv:
            _, differ, missing = filecmp.cmpfiles(generated, committed, names, shallow=False)
            stale = sorted({*differ, *missing, *(set(old) - set(names))})
            if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
                stale.append(PAGE.name)
            if stale:
                print(f"stale: {', '.join(stale)}; run `make proto`", file=sys.stderr)
            return 1 if stale else 0
        for name in old:
            (committed / name).unlink()
        for name in names:
            (committed / name).write_bytes((generated / name).read_bytes())
        PAGE.write_text(page, encoding="utf-8")
    return 0


def generate(out: Path) -> Path:
    """Messages and types of every file, stubs of those with a service, into `out`."""
    protos = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "mojaz/v1").glob("*.proto"))]
    services = [path for path in protos if Path(path).stem in SERVICES]
    plugins = [f"--plugin=protoc-gen-{name}={BIN / f'protoc-gen-{name}'}" for name in ("mypy", "mypy_grpc")]
    common = ["protoc", f"-I{ROOT}", f"-I{INCLUDE}", *plugins]
    if protoc.main([*common, f"--python_out={out}", f"--mypy_out=quiet:{out}", *protos]):
        sys.exit("protoc failed")
    if protoc.main([*common, f"--grpc_python_out={out}", f"--mypy_grpc_out=quiet:{out}", *services]):
        sys.exit("protoc failed")
    return out


if __name__ == "__main__":
    sys.exit(main())
