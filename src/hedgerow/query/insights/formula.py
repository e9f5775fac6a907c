"""Formulas over series: letters in the order of the series, `+ - * /` and parentheses."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from hedgerow.core.errors import QueryError

DEPTH_MAX: Final = 50
_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|([A-Za-z])(?![A-Za-z])|([-+*/()]))")

Formula = Callable[[Sequence[float]], float]


def parse_formula(written: str, series_count: int, attribute: str) -> Formula:
    """A function of the series' values in one bucket. Division by zero gives 0.

    Raises `QueryError` that says where the formula is wrong.
    """
    return _Parser(written, series_count, attribute).formula()


class _Parser:
    def __init__(self, written: str, series_count: int, attribute: str) -> None:
        self._written = written
        self._series_count = series_count
        self._attribute = attribute
        self._position = 0
        self._depth = 0
        self._tokens = self._tokenized()

    def _tokenized(self) -> list[tuple[str, int]]:
        tokens = []
        position, text = 0, self._written.rstrip()
        while position < len(text):
            match = _TOKEN.match(text, position)
            if match is None:
                raise self._wrong(position, "there is something unexpected")
            tokens.append((match.group().strip(), match.end() - len(match.group().strip())))
            position = match.end()
        return tokens

    def _wrong(self, position: int, what: str) -> QueryError:
        return QueryError(
            f"In the formula {self._written[:100]!r} at character {position + 1}: {what}. "
            "Use A, B, C … for the series, numbers, + - * / and parentheses.",
            attribute=self._attribute,
        )

    def formula(self) -> Formula:
        found = self._sum()
        if self._position < len(self._tokens):
            token, position = self._tokens[self._position]
            raise self._wrong(position, f"{token!r} is not expected")
        return found

    def _next(self, wanted: str) -> str | None:
        if self._position < len(self._tokens):
            token = self._tokens[self._position][0]
            if token in wanted:
                self._position += 1
                return token
        return None

    def _sum(self) -> Formula:
        left = self._product()
        while sign := self._next("+-"):
            left = _added(left, self._product(), 1 if sign == "+" else -1)
        return left

    def _product(self) -> Formula:
        left = self._factor()
        while sign := self._next("*/"):
            right = self._factor()
            left = _multiplied(left, right) if sign == "*" else _divided(left, right)
        return left

    def _factor(self) -> Formula:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise self._wrong(0, "it is nested too deeply")
        try:
            if sign := self._next("+-"):
                return _multiplied(_constant(1 if sign == "+" else -1), self._factor())
            if self._next("("):
                inner = self._sum()
                if not self._next(")"):
                    raise self._wrong(len(self._written), "a parenthesis is not closed")
                return inner
            return self._value()
        finally:
            self._depth -= 1

    def _value(self) -> Formula:
        if self._position >= len(self._tokens):
            raise self._wrong(len(self._written), "a value is missing")
        token, position = self._tokens[self._position]
        self._position += 1
        if token.isalpha():
            index = ord(token.upper()) - ord("A")
            if index >= self._series_count:
                raise self._wrong(position, f"there is no series {token.upper()}")
            return lambda values: values[index]
        try:
            return _constant(float(token))
        except ValueError:
            raise self._wrong(position, f"{token!r} is not expected") from None


def _constant(value: float) -> Formula:
    return lambda _values: value


def _added(left: Formula, right: Formula, sign: int) -> Formula:
    return lambda values: left(values) + sign * right(values)


def _multiplied(left: Formula, right: Formula) -> Formula:
    return lambda values: left(values) * right(values)


def _divided(left: Formula, right: Formula) -> Formula:
    def divided(values: Sequence[float]) -> float:
        divisor = right(values)
        return left(values) / divisor if divisor else 0

    return divided
