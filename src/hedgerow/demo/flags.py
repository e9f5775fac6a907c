"""The demo shop's feature flags, and what each visitor gets: as the real evaluation says."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from hedgerow.flags.definition import Filters, FlagDefinition
from hedgerow.flags.evaluation import Evaluation
from hedgerow.flags.project_flags import ProjectFlags
from hedgerow.flags.subject import Subject

NEW_CHECKOUT: Final = "new-checkout"
FREE_DELIVERY: Final = "free-delivery"

# As the API takes them.
FLAGS: Final[tuple[dict[str, Any], ...]] = (
    {
        "key": "spring-banner",
        "name": "A banner for the planting season; waits for spring",
        "active": False,
        "filters": {"groups": [{"properties": [], "rollout_percentage": 100}]},
    },
    {
        "key": FREE_DELIVERY,
        "name": "Free delivery for readers of the newsletter, and for a quarter of all others",
        "filters": {
            "groups": [
                {
                    "properties": [
                        {
                            "key": "newsletter",
                            "type": "person",
                            "operator": "exact",
                            "value": ["true"],
                        }
                    ],
                    "rollout_percentage": 100,
                },
                {"properties": [], "rollout_percentage": 25},
            ],
            "payloads": {"true": '{"minimum_order_eur": 30}'},
        },
    },
    {
        "key": NEW_CHECKOUT,
        "name": "The checkout on one page, against the one in three steps",
        "filters": {
            "groups": [{"properties": [], "rollout_percentage": 100}],
            "multivariate": {
                "variants": [
                    {"key": "control", "name": "Three steps", "rollout_percentage": 50},
                    {"key": "test", "name": "One page", "rollout_percentage": 50},
                ]
            },
        },
    },
)

_PROJECT: Final = ProjectFlags(
    [
        FlagDefinition(
            id=number,
            key=flag["key"],
            active=flag.get("active", True),
            filters=msgspec.convert(flag["filters"], Filters),
        )
        for number, flag in enumerate(FLAGS, start=1)
    ]
)


def flag_value(
    key: str, distinct_id: str, properties: Mapping[str, Any], at: datetime
) -> bool | str:
    """The variant, or whether the flag is on, for a person of whom `properties` are all known."""
    flag = _PROJECT.find(key)
    assert flag is not None, "the shop asks only for its own flags"
    subject = Subject(distinct_id=distinct_id, person_properties=properties, complete=True)
    result = Evaluation(_PROJECT, subject, at).result(flag)
    assert result is not None, "with everything known, every flag is decided"
    return result.value
