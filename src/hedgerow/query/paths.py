"""Paths of names in a parsed query: `a.b.c` and `a.b['c']`."""

from sqlglot import exp


def path_of(node: exp.Expression) -> list[str] | None:
    """The names of a path; None where the node is not one."""
    if isinstance(node, exp.Column):
        if isinstance(node.this, exp.Star):
            return None
        return [part.name for part in node.parts]
    if isinstance(node, exp.Dot) and isinstance(node.expression, exp.Identifier):
        head = path_of(node.this)
        return None if head is None else [*head, node.expression.name]
    if isinstance(node, exp.Bracket) and len(node.expressions) == 1:
        key = node.expressions[0]
        head = path_of(node.this)
        if head is not None and isinstance(key, exp.Literal) and key.is_string:
            return [*head, key.this]
    return None


def outermost_paths(select: exp.Select) -> list[exp.Expression]:
    """The longest paths in this select, without those of the selects inside it."""
    found: list[exp.Expression] = []

    def visit(node: exp.Expression) -> None:
        if node is not select and isinstance(node, exp.Query | exp.Table):
            return
        if path_of(node) is not None:
            found.append(node)
            return
        for child in node.iter_expressions():
            visit(child)

    visit(select)
    return found
