"""A running server, over HTTP or over its socket in the data folder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import httpx
import pyarrow as pa

from hedgerow.client.result import Result
from hedgerow.core.errors import QueryError, UserError

_TIMEOUT_SECONDS: Final = 60
_ARROW: Final = "application/vnd.apache.arrow.stream"


class RemoteSource:
    def __init__(self, url: str, key: str, project: str, socket: Path | None = None) -> None:
        self._path = f"/api/projects/{project}/query/"
        self._url = url
        transport = None if socket is None else httpx.HTTPTransport(uds=str(socket))
        self._client = httpx.Client(
            base_url=url,
            transport=transport,
            timeout=_TIMEOUT_SECONDS,
            follow_redirects=True,
            headers={"authorization": f"Bearer {key}", "accept": f"{_ARROW}, application/json"},
        )

    def answers(self) -> bool:
        """Whether a server is there at all."""
        try:
            self._client.get("/_readiness")
        except httpx.TransportError:
            return False
        return True

    def ask(self, sql: str, values: Mapping[str, Any]) -> Result:
        query = {"kind": "HogQLQuery", "query": sql, "values": dict(values)}
        try:
            response = self._client.post(self._path, json={"query": query})
        except httpx.TransportError as error:
            raise UserError(f"No server answers at {self._url}: {error}") from None
        if response.is_error:
            raise _refusal(response)
        table = pa.ipc.open_stream(response.content).read_all()
        return Result(table, response.headers.get("x-has-more") == "true")

    def close(self) -> None:
        self._client.close()


def _refusal(response: httpx.Response) -> UserError:
    try:
        answer = response.json()
        detail, code = str(answer["detail"]), str(answer["code"])
    except (ValueError, KeyError, TypeError):
        return UserError(f"The server answered {response.status_code}: {response.text[:200]}")
    return QueryError(detail, code) if response.status_code == 400 else UserError(detail)
