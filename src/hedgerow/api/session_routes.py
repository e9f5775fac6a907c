"""Signing in and out of the web app, and making the account of a link."""

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.datastructures import Cookie
from litestar.response import Redirect

from hedgerow import __version__
from hedgerow.api.access import SESSION_COOKIE, access_of
from hedgerow.api.body import typed_body
from hedgerow.api.cross_site import refuse_cross_site
from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.core.ids import new_sign_in_token
from hedgerow.directory.sessions import (
    Session,
    accept_invitation,
    close_session,
    invited_role,
    make_first_account,
    offer_sign_in,
    open_session,
    session_of,
    spend_sign_in,
)
from hedgerow.directory.users import (
    NewUser,
    Role,
    User,
    count_users,
    set_password,
    user_and_password,
)

_SECOND_US: Final = 1_000_000
SESSION_SECONDS: Final = 30 * 86_400
# A link's session has no account behind it that could be closed.
LINK_SESSION_SECONDS: Final = 12 * 3600
_NAME_CHARS_MAX: Final = 200

AnyRequest = Request[Any, Any, Any]


class UserView(msgspec.Struct):
    id: int
    email: str
    name: str
    role: Role


class SessionView(msgspec.Struct):
    """`user` is null in a session that a link of the server's opened."""

    signed_in: bool
    has_accounts: bool
    version: str
    role: Role | None = None
    user: UserView | None = None


class SignIn(msgspec.Struct):
    email: str
    password: str


class NewAccount(msgspec.Struct):
    email: str
    name: str
    password: str


class InvitedAccount(NewAccount):
    invitation: str


class NewPassword(msgspec.Struct):
    current_password: str
    password: str


class SignInLink(msgspec.Struct):
    url: str


class InvitationView(msgspec.Struct):
    role: Role


def user_view(user: User) -> UserView:
    return UserView(user.id, user.email, user.name, user.role)


def _session(request: AnyRequest, services: Services) -> Session | None:
    secret = request.cookies.get(SESSION_COOKIE)
    if not secret:
        return None
    return session_of(services.directory, secret, services.clock.now_us())


def _view(services: Services, session: Session | None) -> SessionView:
    view = SessionView(
        signed_in=session is not None,
        has_accounts=count_users(services.directory) > 0,
        version=__version__,
    )
    if session is not None:
        view.role = Role.ADMIN if session.user is None else session.user.role
        view.user = None if session.user is None else user_view(session.user)
    return view


def _session_cookie(request: AnyRequest, secret: str, seconds: int) -> Cookie:
    """Behind a proxy with TLS the cookie never travels without it."""
    return Cookie(
        key=SESSION_COOKIE,
        value=secret,
        max_age=seconds,
        httponly=True,
        samesite="strict",
        secure=request.headers.get("x-forwarded-proto") == "https",
    )


def _signed_in(request: AnyRequest, services: Services, user: User) -> Response[SessionView]:
    now_us = services.clock.now_us()
    secret = open_session(
        services.directory,
        user_id=user.id,
        now_us=now_us,
        expires_at_us=now_us + SESSION_SECONDS * _SECOND_US,
    )
    cookie = _session_cookie(request, secret, SESSION_SECONDS)
    return Response(_view(services, Session(user)), cookies=[cookie])


def sign_in_by_link(request: AnyRequest, services: Services, token: str) -> Redirect:
    """`/?token=…`: the address is left at once, so that the token stays in no history."""
    now_us = services.clock.now_us()
    if not spend_sign_in(services.directory, token, now_us):
        return Redirect("/" if _session(request, services) else "/sign-in?link=used")
    secret = open_session(
        services.directory,
        user_id=None,
        now_us=now_us,
        expires_at_us=now_us + LINK_SESSION_SECONDS * _SECOND_US,
    )
    cookie = _session_cookie(request, secret, LINK_SESSION_SECONDS)
    return Redirect("/", cookies=[cookie])


@get("/api/session", summary="Whether this browser is signed in")
async def session(request: AnyRequest, services: Services) -> SessionView:
    return await asyncio.to_thread(lambda: _view(services, _session(request, services)))


@post("/api/session", summary="Sign in with a password", status_code=200)
async def sign_in(request: AnyRequest, services: Services) -> Response[SessionView]:
    refuse_cross_site(request)
    sent = await typed_body(request, SignIn)
    services.passwords.count_attempt(f"account {sent.email.lower()}", f"address {_peer(request)}")
    found = user_and_password(services.directory, sent.email)
    if not await services.passwords.matches(sent.password, found[1] if found else None):
        raise ApiError(401, "The address or the password is wrong.", code="wrong_password")
    assert found is not None, "nobody's password matches nothing"
    return _signed_in(request, services, found[0])


def _peer(request: AnyRequest) -> str:
    """As the edge saw it: it puts the address last."""
    return request.headers.get("x-forwarded-for", "").rsplit(",", 1)[-1].strip()


@delete("/api/session", summary="Sign out", status_code=204)
async def sign_out(request: AnyRequest, services: Services) -> Response[None]:
    refuse_cross_site(request)
    secret = request.cookies.get(SESSION_COOKIE)
    if secret:
        close_session(services.directory, secret)
    response: Response[None] = Response(None, status_code=204)
    response.delete_cookie(SESSION_COOKIE)
    return response


@post("/api/session/account", summary="Make an account for a link's session", status_code=201)
async def first_account(request: AnyRequest, services: Services) -> Response[SessionView]:
    """The account is an admin: whoever has the server's link could do all already."""
    access = await access_of(request, services)
    secret = request.cookies.get(SESSION_COOKIE)
    if access.user is not None or not secret:
        raise ApiError(400, "Only a session opened with the server's link has no account yet.")
    sent = await typed_body(request, NewAccount)
    new = await _checked(services, sent, Role.ADMIN)
    user = make_first_account(services.directory, secret, new, services.clock.now_us())
    answer = _signed_in(request, services, user)
    close_session(services.directory, secret)
    return answer


async def _checked(services: Services, sent: NewAccount, role: Role) -> NewUser:
    """Raises `ApiError` 400."""
    email, name = sent.email.strip(), sent.name.strip()
    if "@" not in email[1:-1] or len(email) > _NAME_CHARS_MAX or any(c.isspace() for c in email):
        raise ApiError(400, "This is not an e-mail address.", attribute="email")
    if not name or len(name) > _NAME_CHARS_MAX:
        raise ApiError(400, f"A name has 1 to {_NAME_CHARS_MAX} characters.", attribute="name")
    password_hash = await services.passwords.hash(sent.password)
    return NewUser(email=email, name=name, password_hash=password_hash, role=role)


@get("/api/session/invitation", summary="What an invitation is for")
async def invitation(services: Services, secret: str) -> InvitationView:
    role = invited_role(services.directory, secret, services.clock.now_us())
    if role is None:
        raise ApiError(404, "This invitation was used, or has expired. Ask for a new one.")
    return InvitationView(role)


@post("/api/session/invitation", summary="Accept an invitation", status_code=201)
async def accepted_invitation(request: AnyRequest, services: Services) -> Response[SessionView]:
    refuse_cross_site(request)
    sent = await typed_body(request, InvitedAccount)
    services.passwords.count_attempt(f"address {_peer(request)}")
    now_us = services.clock.now_us()
    role = invited_role(services.directory, sent.invitation, now_us)
    user = None
    if role is not None:
        new = await _checked(services, sent, role)
        user = accept_invitation(services.directory, sent.invitation, new, now_us)
    if user is None:
        raise ApiError(404, "This invitation was used, or has expired. Ask for a new one.")
    return _signed_in(request, services, user)


@patch("/api/session/password", summary="Change one's password")
async def changed_password(request: AnyRequest, services: Services) -> Response[SessionView]:
    """Every other session of the account ends."""
    access = await access_of(request, services)
    if access.user is None:
        raise ApiError(400, "This session has no account, so it has no password.")
    sent = await typed_body(request, NewPassword)
    services.passwords.count_attempt(f"account {access.user.email.lower()}")
    found = user_and_password(services.directory, access.user.email)
    if found is None or not await services.passwords.matches(sent.current_password, found[1]):
        raise ApiError(400, "The current password is wrong.", attribute="current_password")
    password_hash = await services.passwords.hash(sent.password)
    set_password(services.directory, access.user.id, password_hash)
    return _signed_in(request, services, access.user)


@post("/api/sign_in_links", include_in_schema=False)
async def sign_in_link(request: AnyRequest, services: Services) -> SignInLink:
    """For `hedgerow sign-in` on this machine."""
    access = await access_of(request, services)
    if not access.is_local:
        raise ApiError(403, "Only the command line on the server's machine makes such links.")
    token = new_sign_in_token()
    offer_sign_in(services.directory, token, services.clock.now_us())
    return SignInLink(f"{services.settings.local_url}/?token={token}")


SESSION_ROUTES: Final = [
    session,
    sign_in,
    sign_out,
    first_account,
    invitation,
    accepted_invitation,
    changed_password,
    sign_in_link,
]
