"""The answer to a query, as columns."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from hedgerow.core.errors import UserError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


@dataclass(frozen=True, slots=True)
class Result:
    """`has_more` tells of rows beyond the limit: add a LIMIT, or raise the server's."""

    table: "pa.Table"
    has_more: bool

    @property
    def columns(self) -> list[str]:
        return list(self.table.column_names)

    def rows(self) -> list[dict[str, Any]]:
        """One dict a row, with Python's own types; times are in UTC."""
        found: list[dict[str, Any]] = self.table.to_pylist()
        return found

    def to_arrow(self) -> "pa.Table":
        return self.table

    def to_pandas(self) -> "pd.DataFrame":
        """Raises `UserError` where pandas is not installed."""
        _require("pandas")
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    def to_polars(self) -> "pl.DataFrame":
        """Raises `UserError` where polars is not installed."""
        _require("polars")
        import polars as pl  # noqa: PLC0415 - only who asks for it needs it

        frame = pl.from_arrow(self.table)
        assert isinstance(frame, pl.DataFrame)
        return frame

    def __len__(self) -> int:
        return int(self.table.num_rows)


def _require(package: str) -> None:
    try:
        __import__(package)
    except ImportError:
        raise UserError(f"This needs {package}: pip install {package}") from None
