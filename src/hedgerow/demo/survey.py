"""The demo shop's survey: its definition, and what customers answer."""

import random
import uuid
from typing import Any, Final

NAME: Final = "After the order"
_EASE, _FOUND, _NEXT, _COMMENT = "ease", "found", "next", "comment"
_FOUND_CHOICES: Final = (
    "A search engine",
    "A friend or neighbour",
    "Social media",
    "Your newsletter",
)
_FOUND_WEIGHTS: Final = (42, 26, 19, 13)
_NEXT_CHOICES: Final = ("A hedge", "Herbs", "Fruit trees", "A lawn")
_COMMENTS: Final = (
    *("Smooth, thank you", "Delivery date was hard to find", "Loved the planting guide"),
    *("Card was declined twice before it worked", "The gloves run small", "Would like a receipt"),
    *("", "", "", ""),
)

QUESTIONS: Final[tuple[dict[str, Any], ...]] = (
    {
        "id": _EASE,
        "type": "rating",
        "question": "How likely are you to recommend us?",
        "scale": 10,
        "display": "number",
        "lowerBoundLabel": "Not at all",
        "upperBoundLabel": "Very likely",
    },
    {
        "id": _FOUND,
        "type": "single_choice",
        "question": "How did you find us?",
        "choices": list(_FOUND_CHOICES),
    },
    {
        "id": _NEXT,
        "type": "multiple_choice",
        "question": "What will you plant next?",
        "choices": list(_NEXT_CHOICES),
        "optional": True,
    },
    {"id": _COMMENT, "type": "open", "question": "Anything else?", "optional": True},
)


def survey_id(project_key: str) -> str:
    """The same for each loading into one project, and another in each project."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"demo survey of {project_key}"))


def survey_fields(start_date: str) -> dict[str, Any]:
    """The survey as the API takes it."""
    return {
        "name": NAME,
        "description": "Asked once an order is paid.",
        "type": "popover",
        "questions": [dict(question) for question in QUESTIONS],
        "conditions": {
            "url": "/thank-you",
            "urlMatchType": "icontains",
            "seenSurveyWaitPeriodInDays": 30,
        },
        "appearance": {
            "backgroundColor": "#ffffff",
            "submitButtonColor": "#1d7347",
            "whiteLabel": True,
        },
        "start_date": start_date,
    }


def answer_properties(generator: random.Random) -> dict[str, Any]:
    """What `survey sent` carries of one customer's answers."""
    answers: dict[str, Any] = {
        _EASE: min(10, max(0, round(generator.gauss(8.3, 1.9)))),
        _FOUND: generator.choices(_FOUND_CHOICES, _FOUND_WEIGHTS)[0],
        _NEXT: [choice for choice in _NEXT_CHOICES if generator.random() < 0.4],
        _COMMENT: generator.choice(_COMMENTS),
    }
    return {
        **{f"$survey_response_{name}": answer for name, answer in answers.items()},
        "$survey_questions": [
            {"id": item["id"], "question": item["question"], "response": answers[item["id"]]}
            for item in QUESTIONS
        ],
        "$survey_completed": True,
    }
