"""The limit on nesting, so that no later JSON reader or writer fails on what was accepted."""

_SAME_BRACKETS = bytes.maketrans(b"{}", b"[]")
# Everything but brackets: deleted, so that only the nesting is left.
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def is_deeper_than(json_text: bytes, depth_max: int) -> bool:
    """Whether valid JSON nests more than `depth_max` arrays and objects.

    Most values are too short or hold fewer brackets, which is quick to see; others are scanned.
    """
    if len(json_text) <= 2 * depth_max or opening_brackets(json_text) <= depth_max:
        return False
    brackets = _brackets_outside_strings(json_text)
    for _ in range(depth_max):
        # Taking away the empty pairs takes away the innermost level.
        brackets = brackets.replace(b"[]", b"")
        if not brackets:
            return False
    return True


def opening_brackets(json_text: bytes) -> int:
    """Their number, strings included."""
    return count_byte(json_text, b"{") + count_byte(json_text, b"[")


def count_byte(text: bytes, byte: bytes) -> int:
    """How often `byte` occurs; taking it out is faster than `bytes.count` where it is rare."""
    return len(text) - len(text.replace(byte, b""))


def _brackets_outside_strings(json_text: bytes) -> bytes:
    unescaped = json_text.replace(rb"\\", b"").replace(rb"\"", b"")
    outside_strings = b"".join(unescaped.split(b'"')[::2])
    return outside_strings.translate(_SAME_BRACKETS, _NO_BRACKETS)
