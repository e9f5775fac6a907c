"""Who asks, and what that one may do: a session of the web app, or a key (read-api §3.2)."""

import hmac
from dataclasses import dataclass
from typing import Any, Final

from litestar import Request

from hedgerow.api.body import json_object
from hedgerow.api.cross_site import refuse_cross_site
from hedgerow.api.errors import ApiError
from hedgerow.api.permissions import need_of, role_allows, scopes_allow
from hedgerow.api.services import Services
from hedgerow.directory.keys import PROJECT_SECRET_PREFIX, personal_key
from hedgerow.directory.projects import first_project
from hedgerow.directory.sessions import session_of
from hedgerow.directory.users import Role, User, user_by_id

SESSION_COOKIE: Final = "hedgerow_session"
_SAFE_METHODS: Final = frozenset(("GET", "HEAD"))

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """`project_id` is what `@current` means. `user` is None for the operator of the machine.

    `is_local` tells that it asked with the key that lies in the data folder. A project secret key
    is good for `only_project_id` alone.
    """

    project_id: int
    role: Role
    user: User | None = None
    scopes: frozenset[str] | None = None
    is_local: bool = False
    only_project_id: int | None = None

    def may_use(self, project_id: int) -> bool:
        return self.only_project_id in (None, project_id)


async def access_of(request: AnyRequest, services: Services) -> Access:
    """Raises `ApiError`: 401 for a stranger, 403 for someone who may not do this."""
    access = await _known(request, services)
    need = need_of(request.method, request.url.path)
    if not scopes_allow(access.scopes, need):
        raise ApiError(403, f"This key lacks the scope {need}.")
    if not role_allows(access.role, need):
        raise ApiError(403, f"Your role, {access.role}, does not allow this ({need}).")
    return access


async def _known(request: AnyRequest, services: Services) -> Access:
    key = await _sent_key(request)
    if key is not None:
        return _access_by_key(key, services)
    secret = request.cookies.get(SESSION_COOKIE)
    session = None
    if secret:
        session = session_of(services.directory, secret, services.clock.now_us())
    if session is None:
        raise ApiError(401, "Authentication credentials were not provided.")
    if request.method not in _SAFE_METHODS:
        refuse_cross_site(request)
    role = Role.ADMIN if session.user is None else session.user.role
    return Access(project_id=_first_project_id(services), role=role, user=session.user)


async def _sent_key(request: AnyRequest) -> str | None:
    """From the header, the query or the JSON body, in this order."""
    header = request.headers.get("authorization")
    if header is not None:
        scheme, _, key = header.partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            raise ApiError(401, "Send the key as: Authorization: Bearer phx_…")
        return key.strip()
    if "personal_api_key" in request.query_params:
        return str(request.query_params["personal_api_key"])
    if request.method in ("POST", "PATCH", "PUT") and SESSION_COOKIE not in request.cookies:
        try:
            key_in_body = (await json_object(request)).get("personal_api_key")
        except ApiError:
            return None
        return key_in_body if isinstance(key_in_body, str) else None
    return None


def _access_by_key(key: str, services: Services) -> Access:
    if hmac.compare_digest(key.encode(), services.local_key.encode()):
        return Access(project_id=_first_project_id(services), role=Role.ADMIN, is_local=True)
    if not key:
        raise ApiError(401, "Authentication credentials were not provided.")
    if key.startswith("phc_"):
        raise ApiError(
            401,
            "A project key (phc_…) can only send events. Use a personal key (phx_…) to read.",
            code="invalid_personal_api_key",
        )
    found = personal_key(services.directory, key)
    if found is None:
        raise ApiError(401, "The key is not valid.", code="invalid_personal_api_key")
    user = None if found.user_id is None else user_by_id(services.directory, found.user_id)
    return Access(
        project_id=found.project_id,
        role=Role.ADMIN if user is None else user.role,
        user=user,
        scopes=found.scopes,
        only_project_id=found.project_id if key.startswith(PROJECT_SECRET_PREFIX) else None,
    )


def _first_project_id(services: Services) -> int:
    with services.directory.read() as connection:
        first = first_project(connection)
    if first is None:
        raise ApiError(404, "There is no project yet.")
    return first.id
