from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hedgerow.directory.keys_snapshot import publish_keys_snapshot
from hedgerow.wire.keys_snapshot import decode_snapshot, encode_snapshot

tokens = st.frozensets(st.from_regex(r"phc_[!-~]{1,20}", fullmatch=True), max_size=5)


@given(tokens)
def test_the_keys_come_back(keys: frozenset[str]) -> None:
    assert decode_snapshot(encode_snapshot(keys)) == keys


def test_the_same_keys_have_one_encoding() -> None:
    assert encode_snapshot(["phc_b", "phc_a", "phc_a"]) == encode_snapshot({"phc_a", "phc_b"})


@given(tokens, st.data())
def test_any_changed_byte_is_noticed(keys: frozenset[str], data: st.DataObject) -> None:
    snapshot = bytearray(encode_snapshot(keys))
    place = data.draw(st.integers(0, len(snapshot) - 1))
    snapshot[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match="snapshot of project keys"):
        decode_snapshot(bytes(snapshot))


@given(tokens, st.data())
def test_a_torn_snapshot_is_noticed(keys: frozenset[str], data: st.DataObject) -> None:
    snapshot = encode_snapshot(keys)
    kept = data.draw(st.integers(0, len(snapshot) - 1))
    for torn in (snapshot[:kept], snapshot[:kept] + bytes(len(snapshot) - kept)):
        with pytest.raises(ValueError, match="snapshot of project keys"):
            decode_snapshot(torn)


def test_a_snapshot_of_another_version_is_refused() -> None:
    other = encode_snapshot(["phc_a"]).replace(b'"version":1', b'"version":2')
    with pytest.raises(ValueError, match="unknown version 2"):
        decode_snapshot(other)


def test_publishing_replaces_the_whole_file_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "project-keys.json"
    publish_keys_snapshot(path, ["phc_a", "phc_b"])
    publish_keys_snapshot(path, iter(["phc_c"]))
    assert decode_snapshot(path.read_bytes()) == {"phc_c"}
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_left_over_of_an_interrupted_publication_does_not_disturb(tmp_path: Path) -> None:
    path = tmp_path / "project-keys.json"
    (tmp_path / "project-keys.json.new").write_bytes(b"half of a much longer snapshot" * 100)
    publish_keys_snapshot(path, ["phc_a"])
    assert decode_snapshot(path.read_bytes()) == {"phc_a"}


def test_a_failed_publication_leaves_the_old_keys(tmp_path: Path) -> None:
    path = tmp_path / "project-keys.json"
    publish_keys_snapshot(path, ["phc_a"])
    (tmp_path / "project-keys.json.new").mkdir()
    with pytest.raises(OSError, match="directory"):
        publish_keys_snapshot(path, ["phc_b"])
    assert decode_snapshot(path.read_bytes()) == {"phc_a"}
