"""Asking the running server over its Unix socket: it alone may have the store open."""

from pathlib import Path
from typing import Any

import httpx

from hedgerow.api.local_key import local_key_path
from hedgerow.core.errors import UserError
from hedgerow.settings import load_settings

_ERROR_STATUS_MIN = 400


class LocalServer:
    """The server on one data folder. Raises `UserError` where none runs."""

    def __init__(self, data: Path | None) -> None:
        self._settings = load_settings(data=data)

    def get(self, path: str) -> Any:
        return self._request("GET", path, None)

    def post(self, path: str, body: Any) -> Any:
        return self._request("POST", path, body)

    def delete(self, path: str) -> Any:
        return self._request("DELETE", path, None)

    def post_for_file(self, path: str, body: Any, accept: str) -> tuple[bytes, bool]:
        """The answer's bytes, and whether there are more rows than it has."""
        response = self._response("POST", path, body, accept)
        return response.content, response.headers.get("x-has-more") == "true"

    def _request(self, method: str, path: str, body: Any) -> Any:
        response = self._response(method, path, body, "application/json")
        return response.json() if response.content else None

    def _response(self, method: str, path: str, body: Any, accept: str) -> httpx.Response:
        settings = self._settings
        try:
            key = local_key_path(settings.data).read_text(encoding="ascii")
            transport = httpx.HTTPTransport(uds=str(settings.core_socket))
            with httpx.Client(transport=transport, timeout=60, trust_env=False) as client:
                response = client.request(
                    method,
                    f"http://core{path}",
                    json=body,
                    headers={"authorization": f"Bearer {key}", "accept": accept},
                )
        except (OSError, httpx.TransportError):
            raise UserError(
                f"No server is running on this data folder ({settings.data.absolute()}). "
                f"Start it with: hedgerow serve --data {settings.data}"
            ) from None
        if response.status_code >= _ERROR_STATUS_MIN:
            raise UserError(
                (response.json() if response.content else {}).get("detail", response.text)
            )
        return response
