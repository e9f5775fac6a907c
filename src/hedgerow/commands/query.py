"""`hedgerow query`: SQL from the command line."""

from pathlib import Path
from typing import Literal

from hedgerow.commands.local_server import LocalServer
from hedgerow.commands.output import print_csv, print_json, print_table

Format = Literal["table", "json", "csv"]


def run_query(data: Path | None, sql: str, output_format: Format, project: str) -> None:
    answer = LocalServer(data).post(
        f"/api/projects/{project}/query", {"query": {"kind": "HogQLQuery", "query": sql}}
    )
    if output_format == "json":
        columns = answer["columns"]
        print_json([dict(zip(columns, row, strict=True)) for row in answer["results"]])
    elif output_format == "csv":
        print_csv(answer["columns"], answer["results"])
    else:
        print_table(answer["columns"], answer["results"])
        if answer["hasMore"]:
            print(f"More rows than {answer['limit']}: add a LIMIT.")  # noqa: T201 - for people
