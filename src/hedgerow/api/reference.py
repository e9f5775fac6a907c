"""`/api/docs`: the routes on one plain page, made from the OpenAPI document. Works offline."""

from html import escape
from typing import Any

from litestar import Request, Response, get

from hedgerow.api.plain_page import render_page


@get("/api/docs", include_in_schema=False)
async def reference(request: Request[Any, Any, Any]) -> Response[str]:
    schema = request.app.openapi_schema.to_schema()
    rows = "".join(
        f"<tr><td>{escape(method.upper())}</td><td><code>{escape(path)}</code></td>"
        f"<td>{escape(str(operation.get('summary', '')))}</td></tr>"
        for path, item in sorted(schema["paths"].items())
        for method, operation in item.items()
    )
    return render_page(
        "API",
        "<h1>API</h1><p>Send <code>Authorization: Bearer phx_…</code>. The OpenAPI document is at "
        '<a href="/api/schema/openapi.json">/api/schema/openapi.json</a>.</p>'
        '<div class="table"><table><thead><tr><th>Method</th><th>Path</th>'
        f"<th>What it does</th></tr></thead><tbody>{rows}</tbody></table></div>",
    )
