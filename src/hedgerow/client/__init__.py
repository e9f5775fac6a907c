"""Asking Hedgerow from Python: a running server, or the folder of a stopped one."""

from hedgerow.client.connection import Connection, open_connection
from hedgerow.client.result import Result

__all__ = ["Connection", "Result", "open_connection"]
