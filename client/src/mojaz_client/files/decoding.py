"""Bytes of a table into text: UTF-8, or UTF-16 as spreadsheets write it."""

import codecs

from mojaz_client.errors import FieldInvalid

_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # .xlsx and .ods, .xls


def decode(data: bytes) -> str:
    """The text, line ends as line feeds, without a byte order mark. Raises FieldInvalid with the line that cannot be read."""
    if data.startswith(_SPREADSHEETS):
        raise FieldInvalid("line 1: is a spreadsheet's own file; save the sheet as CSV (UTF-8)", field="glossary")
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        found = f"byte {error.start} is 0x{error.object[error.start]:02X}"
    else:
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
        line, found = text[: text.index("\0")].count("\n") + 1, "it has null characters, as UTF-16 without a byte order mark has"
    problem = f"line {line}: is not {'UTF-16' if utf16 else 'UTF-8'}: {found}; save the file as UTF-8"
    raise FieldInvalid(problem, field="glossary")
