"""Accounts and personal keys, as the settings pages manage them."""

import asyncio
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, delete, get, patch, post
from msgspec import Meta

from hedgerow.api.access import access_of
from hedgerow.api.body import typed_body
from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.api.session_routes import UserView, user_view
from hedgerow.api.times import shown_time
from hedgerow.directory.keys import (
    KeyOwner,
    PersonalKey,
    create_personal_key,
    create_project_secret_key,
    delete_personal_key,
    list_personal_keys,
)
from hedgerow.directory.sessions import invite
from hedgerow.directory.users import Role, delete_user, list_users, set_role

INVITATION_US: Final = 7 * 86_400 * 1_000_000
_SCOPE_SHAPE: Final = r"^(\*|[a-z_]+:(read|write))$"

AnyRequest = Request[Any, Any, Any]


class MemberList(msgspec.Struct):
    results: list[UserView]


class RoleChange(msgspec.Struct):
    role: Role


class Invitation(msgspec.Struct):
    """`secret` belongs behind `/join/` in an address of the web app; shown only here."""

    secret: str
    role: Role


class NewKey(msgspec.Struct):
    """A project secret (phs_…) reads the flags of its project alone, and takes no scopes."""

    label: Annotated[str, Meta(min_length=1, max_length=200)]
    project_id: int
    scopes: list[Annotated[str, Meta(pattern=_SCOPE_SHAPE)]] | None = None
    is_project_secret: bool = False


class KeyView(msgspec.Struct):
    """`secret` is there only in the answer that made the key."""

    id: int
    label: str
    project_id: int
    last_four: str
    created_at: str
    scopes: list[str] | None
    secret: str | None = None


class KeyList(msgspec.Struct):
    results: list[KeyView]


@get("/api/members", summary="List the accounts")
async def members(request: AnyRequest, services: Services) -> MemberList:
    await access_of(request, services)
    return MemberList([user_view(user) for user in list_users(services.directory)])


@patch("/api/members/{user_id:int}", summary="Change an account's role")
async def changed_member(request: AnyRequest, services: Services, user_id: int) -> UserView:
    await access_of(request, services)
    sent = await typed_body(request, RoleChange)
    user = set_role(services.directory, user_id, sent.role)
    if user is None:
        raise ApiError(404, "There is no such account.")
    return user_view(user)


@delete("/api/members/{user_id:int}", summary="Delete an account", status_code=204)
async def deleted_member(request: AnyRequest, services: Services, user_id: int) -> None:
    await access_of(request, services)
    if not delete_user(services.directory, user_id):
        raise ApiError(404, "There is no such account.")


@post("/api/invitations", summary="Invite someone", status_code=201)
async def new_invitation(request: AnyRequest, services: Services) -> Invitation:
    """Hedgerow sends no mail: pass the link on yourself. It lasts a week and works once."""
    await access_of(request, services)
    sent = await typed_body(request, RoleChange)
    expires_at_us = services.clock.now_us() + INVITATION_US
    secret = invite(services.directory, role=sent.role, expires_at_us=expires_at_us)
    return Invitation(secret, sent.role)


@get("/api/personal_keys", summary="List personal keys")
async def personal_keys(request: AnyRequest, services: Services) -> KeyList:
    """Admins see all keys, everybody else their own."""
    access = await access_of(request, services)
    found = await asyncio.to_thread(list_personal_keys, services.directory)
    user_id = None if access.user is None else access.user.id
    seen = [key for key in found if access.role is Role.ADMIN or key.user_id == user_id]
    return KeyList([_key_view(key) for key in seen])


def _key_view(key: PersonalKey, secret: str | None = None) -> KeyView:
    return KeyView(
        id=key.id,
        label=key.label,
        project_id=key.project_id,
        last_four=key.last_four,
        created_at=shown_time(key.created_at_us),
        scopes=None if key.scopes is None else sorted(key.scopes),
        secret=secret,
    )


@post("/api/personal_keys", summary="Make a personal key", status_code=201)
async def new_personal_key(request: AnyRequest, services: Services) -> KeyView:
    """A key can do no more than the one who makes it."""
    access = await access_of(request, services)
    if access.scopes is not None:
        raise ApiError(403, "A key with limited scopes makes no other keys.")
    sent = await typed_body(request, NewKey)
    if sent.is_project_secret:
        if sent.scopes is not None:
            raise ApiError(400, "A project secret key takes no scopes.", attribute="scopes")
        secret_key, secret = create_project_secret_key(
            services.directory,
            label=sent.label,
            project_id=sent.project_id,
            now_us=services.clock.now_us(),
        )
        return _key_view(secret_key, secret)
    owner = KeyOwner(
        None if access.user is None else access.user.id,
        None if sent.scopes is None else frozenset(sent.scopes),
    )
    key, secret = create_personal_key(
        services.directory,
        label=sent.label,
        project_id=sent.project_id,
        now_us=services.clock.now_us(),
        owner=owner,
    )
    return _key_view(key, secret)


@delete("/api/personal_keys/{key_id:int}", summary="Delete a personal key", status_code=204)
async def deleted_personal_key(request: AnyRequest, services: Services, key_id: int) -> None:
    access = await access_of(request, services)
    of_user = None if access.role is Role.ADMIN or access.user is None else access.user.id
    if not delete_personal_key(services.directory, key_id, of_user=of_user):
        raise ApiError(404, "There is no such key.")


MEMBER_ROUTES: Final = [
    members,
    changed_member,
    deleted_member,
    new_invitation,
    personal_keys,
    new_personal_key,
    deleted_personal_key,
]
