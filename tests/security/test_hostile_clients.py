"""Slow, huge, deep and numerous: what a public port must bear, on a real server process.

Between all of it honest clients are served; that they are is the proof, not how fast.
"""

import concurrent.futures
import gzip
import json
import resource
import socket
import time
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from hedgerow.core import limits
from hedgerow.testing.server import HedgerowServer

MIB = 1024 * 1024
ORIGIN = "https://shop.example"
IDLE_CONNECTIONS = 2500
# What a connection that has not sent its head may cost; sockets lie in the kernel.
CONNECTION_BYTES_MAX = 64 * 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HedgerowServer]:
    with HedgerowServer(tmp_path_factory.mktemp("hostile") / "data") as server:
        yield server


def capture(server: HedgerowServer, body: bytes, **headers: str) -> requests.Response:
    headers = {"content-type": "application/json", "origin": ORIGIN} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return requests.post(
        f"{server.url}/batch/", data=body, headers=headers, timeout=60, allow_redirects=False
    )


def event(server: HedgerowServer, **fields: Any) -> dict[str, Any]:
    return {"api_key": server.project_key, "event": "honest", "distinct_id": "me"} | fields


def honest(server: HedgerowServer) -> int:
    return capture(server, json.dumps(event(server)).encode()).status_code


def memory_bytes(server: HedgerowServer, name: str = "VmRSS") -> int:
    for line in Path(f"/proc/{server.pid('edge')}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise AssertionError(name)


def connect(server: HedgerowServer) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def head(server: HedgerowServer, length: int) -> bytes:
    return (
        f"POST /batch/ HTTP/1.1\r\nHost: x\r\nOrigin: {ORIGIN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


def answer(connection: socket.socket) -> bytes:
    """All that comes until the peer closes or an answer's head is complete."""
    received = b""
    while b"\r\n\r\n" not in received and (piece := connection.recv(65536)):
        received += piece
    return received


def test_clients_that_stall_are_let_go_while_others_are_served(server: HedgerowServer) -> None:
    in_head, no_body, in_body = (connect(server) for _ in range(3))
    large, unsized = connect(server), connect(server)
    in_head.sendall(b"POST /batch/ HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    no_body.sendall(head(server, 100))
    in_body.sendall(head(server, 100) + b'{"api_key"')
    large.sendall(head(server, 2 * MIB) + b"[" * 1000)
    unsized.sendall(
        b"POST /batch/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,2,\r\n"
    )
    begun = time.monotonic()
    while time.monotonic() - begun < limits.HEADER_SECONDS_MAX:
        assert honest(server) == 200
        time.sleep(0.2)
    # No request was read, so there is nothing to answer.
    assert b" 200 " not in answer(in_head)
    for connection in (no_body, in_body, large, unsized):
        told = answer(connection)
        assert told.startswith(b"HTTP/1.1 408 "), told
        assert honest(server) == 200
    for connection in (in_head, no_body, in_body, large, unsized):
        connection.close()


def test_thousands_of_idle_connections_cost_little(server: HedgerowServer) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < IDLE_CONNECTIONS + 500:
        pytest.skip(f"idle connections NOT covered: only {hard} files may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, IDLE_CONNECTIONS + 500), hard))
    before = memory_bytes(server)
    connections = []
    try:
        for number in range(IDLE_CONNECTIONS):
            connections.append(connect(server))
            if number % 2:
                # A size that is only declared takes no memory either.
                connections[-1].sendall(head(server, limits.BODY_BYTES_MAX))
        assert honest(server) == 200
        assert memory_bytes(server) - before < IDLE_CONNECTIONS * CONNECTION_BYTES_MAX
    finally:
        for connection in connections:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert honest(server) == 200


def lz64_bomb() -> bytes:
    """`a` and then ever longer repetitions of it: each code stands for one more than the last."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    bits: list[int] = []

    def put(value: int, count: int) -> None:
        bits.extend(value >> shift & 1 for shift in range(count))

    put(0, 2)
    put(ord("a"), 8)
    size = 4
    for _ in range(20_000):
        # Always the code that is only just being defined.
        put(size, size.bit_length())
        size += 1
    bits += [0] * (-len(bits) % 24)
    sixes = (bits[start : start + 6] for start in range(0, len(bits), 6))
    return "".join(alphabet[int("".join(map(str, six)), 2)] for six in sixes).encode()


def bombs() -> dict[str, tuple[bytes, dict[str, str], set[int]]]:
    zeros = bytes(250 * MIB)
    one = gzip.compress(zeros, 9)
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = raw.compress(zeros) + raw.flush()
    member = gzip.compress(b"")
    braces = gzip.compress(b"[" + b"{}," * 3_000_000 + b"{}]", 9)
    return {
        "gzip": (one, {"content_encoding": "gzip"}, {413}),
        "gzip without a hint": (one, {}, {413}),
        "gzip of large members": (gzip.compress(bytes(20 * MIB), 9) * 12, {}, {413}),
        "gzip of a million empty members": (member * 1_000_000, {}, {400}),
        # Decoded once: what is inside is no JSON.
        "gzip in gzip": (gzip.compress(one, 9), {}, {400}),
        # Not an encoding of these routes: it is no UTF-8.
        "deflate": (deflated, {"content_encoding": "deflate"}, {400}),
        "lz64": (lz64_bomb(), {"content_encoding": "lz64"}, {413}),
        "objects": (braces, {}, {413}),
        "strings": (b'["' + b"\\u0041" * 3_000_000 + b'"]', {}, {400}),
        "deep": (b"[" * 5_000_000, {}, {400}),
        "deep objects": (b'{"a":' * 3_000_000, {}, {413}),
        "form": (b"data=" + b"%41" * 6_000_000, {"content_type": _FORM}, {400}),
        "form of fields": (b"data=1&" * 2_000_000, {"content_type": _FORM}, {400}),
    }


_FORM = "application/x-www-form-urlencoded"


def test_bombs_are_refused_within_bounded_memory_while_others_are_served(
    server: HedgerowServer,
) -> None:
    made = bombs()
    with concurrent.futures.ThreadPoolExecutor(len(made)) as senders:
        sent = {
            name: senders.submit(capture, server, body, **headers)
            for name, (body, headers, _) in made.items()
        }
        while not all(future.done() for future in sent.values()):
            assert honest(server) == 200
    answers = {name: future.result() for name, future in sent.items()}
    for name, (_, _, allowed) in made.items():
        assert answers[name].status_code in allowed, (name, answers[name].text)
        assert answers[name].headers["access-control-allow-origin"] == ORIGIN
    assert memory_bytes(server, "VmHWM") < 2 * limits.IN_FLIGHT_BYTES_MAX


@pytest.mark.parametrize("path", ["properties", "$set", "$set_once", "distinct_id"])
def test_the_depth_limit_holds_to_the_level(server: HedgerowServer, path: str) -> None:
    def nested(levels: int) -> bytes:
        # The event is one level, the value the next ones.
        inner = b'{"a":' * (levels - 1) + b"1" + b"}" * (levels - 1)
        fields = json.dumps(event(server, **({} if path == "distinct_id" else {"x": 1}))).encode()
        return fields[:-1] + f', "{path}": '.encode() + inner + b"}"

    assert capture(server, nested(limits.JSON_DEPTH_MAX)).status_code == 200
    refused = capture(server, nested(limits.JSON_DEPTH_MAX + 1))
    assert refused.status_code == 400
    assert refused.text.startswith("failed to parse request: ")


def test_an_event_over_its_limit_is_refused_and_the_limit_itself_is_not(
    server: HedgerowServer,
) -> None:
    fits = event(server, properties={"p": "x" * (limits.EVENT_BYTES_MAX - 500)})
    assert capture(server, json.dumps(fits).encode()).status_code == 200
    larger = event(server, properties={"p": "x" * limits.EVENT_BYTES_MAX})
    assert capture(server, json.dumps(larger).encode()).status_code == 413


def test_a_body_over_the_limit_gets_its_answer_and_not_a_reset(server: HedgerowServer) -> None:
    session = requests.Session()
    for size in (limits.BODY_BYTES_MAX + 1, 30 * MIB):
        refused = session.post(f"{server.url}/e/", data=b" " * size, timeout=60)
        assert refused.status_code == 413
        assert refused.text.startswith("maximum event size exceeded: ")
        again = session.post(f"{server.url}/e/", json=event(server), timeout=60)
        assert again.status_code == 200


def test_nothing_hostile_has_left_a_trace(server: HedgerowServer) -> None:
    """No restart, nothing held, and every honest event is there."""
    metrics = requests.get(f"{server.url}/metrics", timeout=10).text
    assert "\nhedgerow_capture_in_flight_bytes 0.0" in metrics
    server.wait_until_ingested()
    outcomes = server.status()["outcomes"]
    assert outcomes["dead_lettered"] == 0
    assert outcomes["received"] == outcomes["stored"] + sum(outcomes["dropped"].values())
    assert "process_died" not in server.output.read_text()
