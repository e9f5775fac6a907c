"""`hedgerow query`: SQL from the command line."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, get_args

from hedgerow.commands.local_server import LocalServer
from hedgerow.commands.output import print_json, print_table
from hedgerow.core import json
from hedgerow.core.errors import UserError
from hedgerow.query.formats import MEDIA_TYPES, AnswerFormat

Format = Literal["table", "json", "csv", "parquet", "arrow"]
_FILES = get_args(AnswerFormat)


def run_query(  # noqa: PLR0913 - one argument an option of the command
    data: Path | None,
    sql: str,
    output_format: Format,
    *,
    project: str,
    parameters: Sequence[str],
    output: Path | None,
) -> None:
    """Print the answer, or write it to `output`. Raises `UserError`."""
    path = f"/api/projects/{project}/query"
    query = {"kind": "HogQLQuery", "query": sql, "values": _values(parameters)}
    server = LocalServer(data)
    if output_format in ("csv", "parquet", "arrow"):
        content, has_more = server.post_for_file(path, {"query": query}, MEDIA_TYPES[output_format])
        _write(content, output_format, output)
        if has_more:
            print("There are more rows than the limit.", file=sys.stderr)  # noqa: T201 - for people
        return
    if output is not None:
        raise UserError(f"--output takes --format {', '.join(_FILES)}.")
    answer = server.post(path, {"query": query})
    if output_format == "json":
        columns = answer["columns"]
        print_json([dict(zip(columns, row, strict=True)) for row in answer["results"]])
        return
    print_table(answer["columns"], answer["results"])
    if answer["hasMore"]:
        print(f"The first {answer['limit']} rows; a LIMIT asks for more.")  # noqa: T201 - for people


def _values(parameters: Sequence[str]) -> dict[str, Any]:
    """`name=value`; a value that is JSON is taken as such, any other as text."""
    values: dict[str, Any] = {}
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if not equals or not name:
            raise UserError(f"--param takes name=value, not {parameter!r}.")
        try:
            values[name] = json.decode(value)
        except ValueError:
            values[name] = value
    return values


def _write(content: bytes, output_format: str, output: Path | None) -> None:
    if output is not None:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise UserError(f"{output} cannot be written: {error.strerror}") from None
        return
    if output_format != "csv" and sys.stdout.isatty():
        raise UserError(f"{output_format} is not for a terminal: add --output FILE.")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
