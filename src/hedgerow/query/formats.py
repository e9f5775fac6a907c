"""An answer as CSV, Parquet or an Arrow stream, in pieces as they are made."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Final, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from hedgerow.core.csv_cells import harmless_cell
from hedgerow.query.json_values import to_json_value

AnswerFormat = Literal["csv", "parquet", "arrow"]
MEDIA_TYPES: Final[dict[AnswerFormat, str]] = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
}
_BATCH_ROWS: Final = 1_000


def encoded(table: "pa.Table", answer_format: AnswerFormat) -> Iterator[bytes]:
    """The whole table; joined, the pieces are one file."""
    if answer_format == "csv":
        return _csv(table)
    if answer_format == "parquet":
        return _written(table, lambda sink: pq.ParquetWriter(sink, table.schema))
    return _written(table, lambda sink: pa.ipc.new_stream(sink, table.schema))


def _csv(table: "pa.Table") -> Iterator[bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless_cell(name) for name in table.column_names])
    for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
        columns = [column.to_pylist() for column in batch.columns]
        for row in zip(*columns, strict=True):
            writer.writerow([harmless_cell(to_json_value(value)) for value in row])
        yield text.getvalue().encode()
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode()


def _written(
    table: "pa.Table", open_writer: "Callable[[pa.PythonFile], pa.ipc.RecordBatchWriter]"
) -> Iterator[bytes]:
    sink = _Pieces()
    with open_writer(pa.PythonFile(sink, mode="w")) as writer:
        for batch in table.to_batches(max_chunksize=_BATCH_ROWS):
            writer.write_batch(batch)
            yield sink.taken()
    yield sink.taken()


class _Pieces(io.RawIOBase):
    """A file that is read away while it is written."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._position = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        content = bytes(memoryview(piece))  # type: ignore[arg-type]  # whatever has bytes
        self._pieces.append(content)
        self._position += len(content)
        return len(content)

    def tell(self) -> int:
        return self._position

    def close(self) -> None:
        """Stays open: what was written last is still to be taken."""

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
