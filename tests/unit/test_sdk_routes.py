"""The operator's own prefix for the paths of SDKs."""

import pytest

from hedgerow.core.errors import UserError
from hedgerow.wire.sdk_routes import checked_alias, is_sdk_route, without_alias


@pytest.mark.parametrize(
    "path",
    [
        "/e/",
        "/batch",
        "/i/v1/analytics/events",
        "/s/",
        "/flags/",
        "/array/phc_x/config.js",
        "/static/array.js",
        "/api/surveys/",
        "/api/feature_flag/local_evaluation",
        "/api/projects/@current/feature_flags/k/remote_config",
    ],
)
def test_every_path_of_an_sdk_is_answered_below_the_alias(path: str) -> None:
    assert without_alias("/hog" + path, "/hog") == path
    assert without_alias(path, "/hog") == path


@pytest.mark.parametrize("path", ["/hog/api/projects/1/query/", "/hog/", "/hog", "/hogs/e/", "/x"])
def test_no_other_path_is_changed(path: str) -> None:
    assert without_alias(path, "/hog") == path


def test_a_path_that_only_begins_like_one_is_none() -> None:
    assert not is_sdk_route("/events")
    assert not is_sdk_route("/static-files/x")


@pytest.mark.parametrize(
    ("text", "alias"), [("", ""), ("/", ""), ("/hog/", "/hog"), ("/a/b", "/a/b")]
)
def test_an_alias_may_end_with_a_slash_and_have_parts(text: str, alias: str) -> None:
    assert checked_alias(text) == alias


@pytest.mark.parametrize("alias", ["hog", "/h g", "/../x", "/api/hog", "/e", "/static", "/metrics"])
def test_an_alias_that_is_no_path_or_hides_one_is_refused_by_name(alias: str) -> None:
    with pytest.raises(UserError, match="HEDGEROW_PATH_ALIAS"):
        checked_alias(alias)
