"""What SDKs read at their start: remote configuration, surveys, and lists that are empty here."""

import hashlib
from dataclasses import dataclass
from typing import Any, Final

from hedgerow.core import json
from hedgerow.core.clock import Clock
from hedgerow.edge.public_answers import (
    answer,
    method_not_allowed,
    preflight,
    refusal,
    unknown_token,
)
from hedgerow.edge.published_projects import EdgeProject, PublishedProjects
from hedgerow.edge.query import query_values
from hedgerow.edge.request import RequestHead, Response
from hedgerow.wire.cors import response_headers
from hedgerow.wire.public_routes import PublicPath, PublicRoute

ALLOWED_METHODS: Final = "GET, HEAD, OPTIONS"
JS_TYPE: Final = "application/javascript; charset=utf-8"
# How long an SDK may go on with what it has read.
MAX_AGE_SECONDS: Final = 60
_EMPTY_LISTS: Final = {
    PublicRoute.EARLY_ACCESS_FEATURES: "earlyAccessFeatures",
    PublicRoute.WEB_EXPERIMENTS: "experiments",
    PublicRoute.PRODUCT_TOURS: "product_tours",
}


@dataclass(frozen=True, slots=True)
class ConfigHandler:
    projects: PublishedProjects
    clock: Clock

    def handle(self, head: RequestHead, path: PublicPath) -> Response:
        """Unknown keys get 404 for the configuration, 401 elsewhere (sdk-contract §8.2)."""
        if head.method == "OPTIONS":
            return preflight(head)
        if head.method not in ("GET", "HEAD"):
            return method_not_allowed(head, ALLOWED_METHODS)
        token = path.token or query_values(head.query_string).get("token")
        if not token:
            return refusal(head, 401, "Send the project key as `token`.", attribute="token")
        project = self.projects.find(token)
        if project is None:
            if not self.projects.known:
                return refusal(head, 503, "The projects are not known yet. Try again in a moment.")
            if path.token is not None:
                return refusal(head, 404, "The project key belongs to no project.")
            return unknown_token(head)
        return self._answer(head, path.route, project)

    def _answer(self, head: RequestHead, route: PublicRoute, project: EdgeProject) -> Response:
        now_us = self.clock.now_us()
        if route is PublicRoute.CONFIG_JSON:
            return _cached(head, json.encode(project.config(now_us)))
        if route is PublicRoute.CONFIG_JS:
            script = _config_script(project.token, project.config(now_us))
            return _cached(head, script, content_type=JS_TYPE)
        if route is PublicRoute.SURVEYS:
            surveys = {"surveys": project.surveys(now_us), "survey_config": None}
            return _cached(head, json.encode(surveys))
        return _cached(head, json.encode({_EMPTY_LISTS[route]: []}))


def _cached(head: RequestHead, body: bytes, *, content_type: str | None = None) -> Response:
    """With a tag of the content; 304 where the client has it already."""
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    headers = [("cache-control", f"public, max-age={MAX_AGE_SECONDS}"), ("etag", tag)]
    if tag in (head.header("if-none-match") or ""):
        return Response(304, [*headers, *response_headers(head.header("origin"))], b"")
    if content_type is None:
        return answer(head, body, headers=headers)
    return answer(head, body, content_type=content_type, headers=headers)


def _config_script(token: str, config: Any) -> bytes:
    """Assigns the configuration without touching that of other keys (sdk-contract §8.2)."""
    name = "window._POSTHOG_REMOTE_CONFIG"
    content = json.encode({"config": config, "siteApps": []}).decode()
    # Two characters that JSON allows and older scripts do not.
    content = content.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    key = json.encode(token).decode()
    return f"(function(){{{name}={name}||{{}};{name}[{key}]={content};}})();\n".encode()
