"""Prints the OpenAPI document that the web app's types are made of, the same for the same routes.

.venv/bin/python web/openapi.py
"""

import json
import sys
from typing import Any, cast

from hedgerow.api.application import create_application
from hedgerow.api.services import Services

# Older names of the same paths.
LEFT_OUT = "/api/environments/"


def document() -> dict[str, Any]:
    # The document needs the routes alone, and none of what they work with.
    schema = create_application(cast("Services", None)).openapi_schema.to_schema()
    schema["info"]["version"] = "0"
    schema["paths"] = {
        path: item for path, item in schema["paths"].items() if not path.startswith(LEFT_OUT)
    }
    return schema


def document_text() -> str:
    return json.dumps(document(), indent=1, sort_keys=True)


if __name__ == "__main__":
    sys.stdout.write(document_text())
