"""Writes docs/api.md from the comments of the contract."""

from collections.abc import Iterator
from pathlib import Path

from google.protobuf import descriptor_pb2
from grpc_tools import protoc

HEAD = """# API

Generated from `proto/mojaz/v1` by `make proto`; the contract is the source. Package `mojaz.v1`.

Every offset counts Unicode code points of the text as it was received, from 0, the end excluded. The server also answers
`grpc.health.v1.Health` and server reflection.

A failed call carries `google.rpc.ErrorInfo` (domain `mojaz`, reason below), bad fields in `google.rpc.BadRequest`, a delay under
overload in `google.rpc.RetryInfo`, and the request id in the trailer `x-request-id`; send metadata of that name to choose it.
"""

# Numbers of fields in descriptor.proto, of which comment paths are made
MESSAGES, ENUMS, SERVICES, FIELDS, VALUES, METHODS = 4, 5, 6, 2, 2, 2
Field = descriptor_pb2.FieldDescriptorProto


def api_page(root: Path, include: Path, scratch: Path) -> str:
    """The page, from the .proto files under `root`; `scratch` is a folder for the parsed contract."""
    parsed = scratch / "contract.bin"
    protos = [str(path.relative_to(root)) for path in sorted((root / "mojaz/v1").glob("*.proto"))]
    if protoc.main(["protoc", f"-I{root}", f"-I{include}", "--include_source_info", f"--descriptor_set_out={parsed}", *protos]):
        raise SystemExit("protoc failed")
    files = descriptor_pb2.FileDescriptorSet.FromString(parsed.read_bytes()).file
    sections = [*_each(files, _services), "## Messages\n", *_each(files, _messages), "## Enums\n", *_each(files, _enums)]
    return "\n".join([HEAD, "## Services\n", *sections])


def _each(files, section) -> Iterator[str]:  # type: ignore[no-untyped-def]
    for file in files:
        comments = {tuple(place.path): " ".join(place.leading_comments.split()) for place in file.source_code_info.location}
        yield from section(file, comments)


def _services(file: descriptor_pb2.FileDescriptorProto, comments: dict[tuple[int, ...], str]) -> Iterator[str]:
    for i, service in enumerate(file.service):
        yield f"### {service.name}\n\n{comments[SERVICES, i]}\n\n| method | request | response | |\n|---|---|---|---|"
        for j, method in enumerate(service.method):
            request = ("stream " if method.client_streaming else "") + _link(method.input_type)
            response = ("stream " if method.server_streaming else "") + _link(method.output_type)
            yield f"| `{method.name}` | {request} | {response} | {comments[SERVICES, i, METHODS, j]} |"
        yield ""


def _messages(file: descriptor_pb2.FileDescriptorProto, comments: dict[tuple[int, ...], str]) -> Iterator[str]:
    for i, message in enumerate(file.message_type):
        yield f"### {message.name}\n\n{comments[MESSAGES, i]}\n"
        if message.field:
            yield "| field | type | |\n|---|---|---|"
        for j, field in enumerate(message.field):
            choice = f"(one of `{message.oneof_decl[field.oneof_index].name}`) " if field.HasField("oneof_index") else ""
            yield f"| `{field.name}` | {_type(field)} | {choice}{comments[MESSAGES, i, FIELDS, j]} |"
        yield ""


def _enums(file: descriptor_pb2.FileDescriptorProto, comments: dict[tuple[int, ...], str]) -> Iterator[str]:
    for i, enum in enumerate(file.enum_type):
        yield f"### {enum.name}\n\n{comments[ENUMS, i]}\n\n| value | |\n|---|---|"
        for j, value in enumerate(enum.value):
            yield f"| `{value.name}` | {comments[ENUMS, i, VALUES, j]} |"
        yield ""


def _type(field: Field) -> str:
    name = _link(field.type_name) if field.type_name else f"`{Field.Type.Name(field.type).removeprefix('TYPE_').lower()}`"
    return f"repeated {name}" if field.label == Field.LABEL_REPEATED else name


def _link(type_name: str) -> str:
    name = type_name.rpartition(".")[2]
    return f"[{name}](#{name.lower()})" if type_name.startswith(".mojaz.v1.") else f"`{type_name[1:]}`"
