"""Values as they are written in SQL."""

from sqlglot import exp


def text_literal(value: str) -> str:
    return exp.Literal.string(value).sql(dialect="clickhouse")
