from typing import Any

import pytest
from tests.unit.conftest import NOW_US, Api

from hedgerow.query.runner import QueryRunner
from hedgerow.query.survey_limits import end_full_surveys
from hedgerow.query.survey_results import (
    choice_results,
    net_promoter_score,
    rate,
    rating_results,
    run_on_project,
    survey_summary,
)

Json = dict[str, Any]

QUESTIONS: list[Json] = [
    {"type": "rating", "question": "How likely?", "scale": 10, "display": "number", "id": "q-nps"},
    {"type": "single_choice", "question": "Which?", "choices": ["A", "B"], "id": "q-one"},
    {"type": "multiple_choice", "question": "Which ones?", "choices": ["A", "B"], "id": "q-many"},
    {"type": "open", "question": "Why?", "id": "q-open"},
]


def launched(api: Api, **fields: Any) -> Json:
    body = {
        "name": "NPS",
        "type": "popover",
        "questions": QUESTIONS,
        "start_date": "2026-01-01T00:00:00Z",
        **fields,
    }
    response = api.client.post(api.path("surveys/"), json=body)
    assert response.status_code == 201, response.text
    survey: Json = response.json()
    return survey


def stats(api: Api, survey: Json, query: str = "") -> Json:
    response = api.client.get(api.path(f"surveys/{survey['id']}/stats/{query}"))
    assert response.status_code == 200, response.text
    answer: Json = response.json()
    return answer


def answered(api: Api, survey: Json, person: str, **answers: Any) -> None:
    properties = {"$survey_id": survey["id"], **answers}
    api.add_event("survey sent", person, **properties)


def test_a_survey_is_read_back_as_it_was_made(api: Api) -> None:
    branching = {"type": "response_based", "responseValues": {"promoters": "end"}}
    survey = launched(
        api,
        questions=[{**QUESTIONS[0], "branching": branching, "lowerBoundLabel": "no"}],
        appearance={"backgroundColor": "#fff"},
        conditions={"url": "https://example.org", "seenSurveyWaitPeriodInDays": 7},
        responses_limit=100,
    )

    read = api.client.get(api.path(f"surveys/{survey['id']}/")).json()

    assert read == survey
    assert read["questions"] == [{**QUESTIONS[0], "branching": branching, "lowerBoundLabel": "no"}]
    assert read["appearance"] == {"backgroundColor": "#fff"}
    assert read["responses_limit"] == 100
    assert read["archived"] is False


def test_every_question_gets_an_id_that_stays(api: Api) -> None:
    survey = launched(api, questions=[{"type": "open", "question": "Why?"}])
    question_id = survey["questions"][0]["id"]
    path = api.path(f"surveys/{survey['id']}/")

    changed = api.client.patch(path, json={"name": "Other", "questions": survey["questions"]})

    assert len(question_id) == 36
    assert changed.json()["questions"][0]["id"] == question_id


@pytest.mark.parametrize(
    ("fields", "attribute"),
    [
        ({"name": ""}, "name"),
        ({"type": "banner"}, "type"),
        ({"questions": [{"type": "poll", "question": "?"}]}, "questions.0.type"),
        ({"questions": [{"type": "open"}]}, "questions.0.question"),
        ({"questions": [{"type": "single_choice", "question": "?"}]}, "questions.0.choices"),
        ({"questions": [{"type": "rating", "question": "?", "scale": 6}]}, "questions.0.scale"),
        (
            {"questions": [{"type": "link", "question": "?", "link": "javascript:alert(1)"}]},
            "questions.0.link",
        ),
        ({"start_date": "soon"}, "start_date"),
        ({"end_date": "2020-01-01"}, "end_date"),
        ({"linked_flag_id": 999_999}, "linked_flag_id"),
        ({"iteration_count": 3}, "iteration_frequency_days"),
        ({"archived": "no"}, "archived"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_wrong_survey_is_refused_and_the_field_named(
    api: Api, fields: Json, attribute: str
) -> None:
    body = {"name": "NPS", "questions": QUESTIONS, "start_date": "2026-01-01", **fields}
    response = api.client.post(api.path("surveys/"), json=body)

    assert response.status_code == 400
    assert response.json()["attr"] == attribute


def test_surveys_are_listed_found_and_deleted(api: Api) -> None:
    launched(api, name="Onboarding")
    exit_survey = launched(api, name="Exit")

    found = api.client.get(api.path("surveys/?search=exit")).json()
    deleted = api.client.delete(api.path(f"surveys/{exit_survey['id']}/"))
    left = api.client.get(api.path("surveys/")).json()

    assert [item["name"] for item in found["results"]] == ["Exit"]
    assert deleted.status_code == 204
    assert [item["name"] for item in left["results"]] == ["Onboarding"]
    assert api.client.get(api.path(f"surveys/{exit_survey['id']}/")).status_code == 404


def test_who_is_asked_is_a_flag_that_lives_and_dies_with_the_survey(api: Api) -> None:
    filters = {"groups": [{"properties": [], "rollout_percentage": 20}]}
    survey = launched(api, targeting_flag_filters=filters)
    flag = survey["targeting_flag"]
    path = api.path(f"surveys/{survey['id']}/")

    narrower = {"groups": [{"properties": [], "rollout_percentage": 5}]}
    changed = api.client.patch(path, json={"targeting_flag_filters": narrower}).json()
    removed = api.client.patch(path, json={"remove_targeting_flag": True}).json()

    assert flag["key"].startswith("survey-targeting-")
    assert survey["feature_flag_keys"][1] == {"key": "targeting_flag_key", "value": flag["key"]}
    assert changed["targeting_flag"]["id"] == flag["id"]
    assert changed["targeting_flag"]["filters"] == narrower
    assert removed["targeting_flag"] is None
    assert api.client.get(api.path("feature_flags/")).json()["results"] == []


def test_iterations_start_every_so_many_days(api: Api) -> None:
    survey = launched(api, iteration_count=3, iteration_frequency_days=7)

    assert survey["iteration_start_dates"] == [
        "2026-01-01T00:00:00Z",
        "2026-01-08T00:00:00Z",
        "2026-01-15T00:00:00Z",
    ]
    assert survey["current_iteration"] == 3


def test_counts_and_rates_follow_people_and_answers(api: Api) -> None:
    survey = launched(api)
    for person in ("a", "b", "c", "d", "a"):
        api.add_event("survey shown", person, **{"$survey_id": survey["id"]})
    for person in ("b", "c"):
        api.add_event("survey dismissed", person, **{"$survey_id": survey["id"]})
    partial = {"$survey_id": survey["id"], "$survey_partially_completed": True}
    api.add_event("survey dismissed", "d", **partial)
    answered(api, survey, "c", **{"$survey_response_q-nps": "9"})
    api.add_event("survey sent", "d", **{"$survey_id": "another"})

    found = stats(api, survey)

    assert found["stats"]["survey shown"]["total_count"] == 5
    assert found["stats"]["survey shown"]["unique_persons"] == 4
    assert found["stats"]["survey shown"]["total_count_only_seen"] == 2
    assert found["stats"]["survey dismissed"]["total_count"] == 2
    assert found["stats"]["survey dismissed"]["unique_persons"] == 1
    assert found["stats"]["survey sent"]["total_count"] == 1
    assert found["rates"] == {
        "response_rate": 20.0,
        "dismissal_rate": 40.0,
        "unique_users_response_rate": 25.0,
        "unique_users_dismissal_rate": 25.0,
    }


def test_every_survey_is_listed_with_its_answers_counted_once(api: Api) -> None:
    first, second = launched(api, name="First"), launched(api, name="Second")
    launched(api, name="Unanswered")
    for _ in range(2):
        answered(api, first, "a", **{"$survey_submission_id": "s1"})
    answered(api, first, "b")
    answered(api, second, "b")

    counts = api.client.get(api.path("surveys/responses_count/")).json()

    assert counts == {first["id"]: 2, second["id"]: 1}


def test_whole_answers_are_read_page_by_page_the_newest_first(api: Api) -> None:
    survey = launched(api)
    answered(api, survey, "a", **{"$survey_response_q-nps": 9, "$survey_response_q-open": "Fine"})
    answered(api, survey, "b", **{"$survey_response_q-many": ["A", "B"]})
    answered(api, survey, "c", **{"$survey_response": 3})
    path = api.path(f"surveys/{survey['id']}/responses/")

    first = api.client.get(path, params={"limit": 2}).json()
    rest = api.client.get(path, params={"limit": 2, "offset": 2}).json()

    assert [(item["distinct_id"], item["answers"]) for item in first["results"]] == [
        ("c", {"q-nps": "3"}),
        ("b", {"q-many": '["A","B"]'}),
    ]
    assert "offset=2" in first["next"]
    assert [item["answers"] for item in rest["results"]] == [{"q-nps": "9", "q-open": "Fine"}]
    assert rest["next"] is None
    assert len(rest["results"][0]["person_id"]) == 36


def test_a_later_submission_replaces_the_earlier_one(api: Api) -> None:
    survey = launched(api)
    for answer in ("A", "B"):
        answered(
            api,
            survey,
            "a",
            **{"$survey_submission_id": "s1", "$survey_response_q-one": answer},
        )
    answered(api, survey, "b", **{"$survey_response_q-one": "A"})
    answered(api, survey, "b", **{"$survey_response_q-one": "A"})

    choices = stats(api, survey)["questions"][1]

    assert choices["choices"] == [{"choice": "A", "count": 2}, {"choice": "B", "count": 1}]


def test_answers_of_old_and_new_sdks_are_found(api: Api) -> None:
    survey = launched(api)
    answered(api, survey, "a", **{"$survey_response_q-nps": "10", "$survey_response": "0"})
    answered(api, survey, "b", **{"$survey_response": 3})
    answered(api, survey, "c", **{"$survey_response_q-nps": "", "$survey_response": "8"})
    answered(api, survey, "d", **{"$survey_response_1": "Other"})
    answered(api, survey, "e", **{"$survey_response_q-many": ["A", "B"]})
    answered(api, survey, "f", **{"$survey_response_q-many": [], "$survey_response_2": ["B", "C"]})
    answered(api, survey, "g", **{"$survey_response_3": "because"})

    nps, one, many, text = stats(api, survey)["questions"]

    assert nps["nps"] == {"promoters": 1, "passives": 1, "detractors": 1, "score": 0.0}
    assert nps["average"] == 7.0
    assert one["other_answers"] == [{"answer": "Other", "count": 1}]
    assert many["choices"] == [{"choice": "A", "count": 1}, {"choice": "B", "count": 2}]
    assert many["other"] == 1
    assert [item["answer"] for item in text["answers"]] == ["because"]
    assert text["answers"][0]["distinct_id"] == "g"


def test_results_can_be_cut_by_time_and_iteration(api: Api) -> None:
    survey = launched(api)
    answered(api, survey, "a", **{"$survey_iteration": 1})
    answered(api, survey, "a", **{"$survey_iteration": 2})

    assert stats(api, survey, "?iteration=2")["stats"]["survey sent"]["total_count"] == 1
    assert stats(api, survey, "?date_to=2020-01-01")["stats"]["survey sent"]["total_count"] == 0
    everything = api.client.get(api.path("surveys/stats/")).json()
    assert everything["stats"]["survey sent"]["total_count"] == 2


def test_a_survey_id_cannot_leave_its_literal(api: Api) -> None:
    answered(api, {"id": "real"}, "a")
    run = run_on_project(_runner(api), api.project_id)
    query = {"survey_id": "x' OR 1=1 --", "question_id": "q'] = '' OR 1=1 --"}

    results = survey_summary(run, query)["results"]

    assert results["sent"] == 0
    assert results["answers"] == {}


def _runner(api: Api) -> QueryRunner:
    runner = api.services.query_runner
    assert isinstance(runner, QueryRunner)
    return runner


def test_people_are_counted_once_by_what_they_did_last(api: Api) -> None:
    survey: Json = {"id": "sv1"}
    for person in ("u1", "u2", "u3", "u4", "u1"):
        api.add_event("survey shown", person, **{"$survey_id": "sv1"})
    for person in ("u2", "u3"):
        api.add_event("survey dismissed", person, **{"$survey_id": "sv1"})
    for person, submission, answer in (("u3", "3", "Yes"), ("u1", "1", "Yes"), ("u1", "1", "No")):
        answers = {"$survey_response_q1": answer, "$survey_submission_id": submission}
        answered(api, survey, person, **answers)
    answered(api, {"id": "other"}, "u4", **{"$survey_response_q1": "Yes"})

    run = run_on_project(_runner(api), api.project_id)
    results = survey_summary(run, {"survey_id": "sv1", "question_id": "q1"})["results"]

    assert results == {
        "shown": 4,
        "dismissed_only": 1,
        "sent": 2,
        "response_rate_pct": 50.0,
        "dismissal_rate_pct": 25.0,
        "answers": {"Yes": 1, "No": 1},
    }


def test_the_summary_finds_a_questions_place_in_the_events_own_list(api: Api) -> None:
    questions = [{"id": "q0", "question": "?"}, {"id": "q1", "question": "?"}]
    answered(
        api,
        {"id": "sv"},
        "a",
        **{"$survey_questions": questions, "$survey_response": "no", "$survey_response_1": "yes"},
    )
    run = run_on_project(_runner(api), api.project_id)

    by_id = survey_summary(run, {"survey_id": "sv", "question_id": "q1"})["results"]
    by_place = survey_summary(run, {"survey_id": "sv", "question_index": 0})["results"]

    assert by_id["answers"] == {"yes": 1}
    assert by_place["answers"] == {"no": 1}


def test_rates_of_nothing_are_zero() -> None:
    assert rate(3, 0) == 0.0
    assert rate(1, 3) == 33.33
    assert net_promoter_score({}) == {
        "promoters": 0,
        "passives": 0,
        "detractors": 0,
        "score": 0.0,
    }


def test_a_rating_off_its_scale_is_not_counted() -> None:
    results = rating_results({"1": 1, "5": 3, "6": 9, "0": 9, "2.5": 9, "bad": 9, "4.0": 1}, 5)

    assert results["total"] == 5
    assert results["average"] == 4.0
    assert "nps" not in results


def test_what_is_no_choice_counts_as_other() -> None:
    results = choice_results({"A": 2, "Z": 1}, ["A", "B"])

    assert results["choices"] == [{"choice": "A", "count": 2}, {"choice": "B", "count": 0}]
    assert results["other"] == 1


def test_a_survey_ends_at_its_limit_of_answers(api: Api) -> None:
    limited = launched(api, responses_limit=2)
    unlimited = launched(api)
    for survey in (limited, unlimited):
        answered(api, survey, "a")
    runner = _runner(api)
    early = end_full_surveys(api.directory, runner, now_us=NOW_US)
    answered(api, limited, "b")
    answered(api, unlimited, "b")
    ended = end_full_surveys(api.directory, runner, now_us=NOW_US)
    again = end_full_surveys(api.directory, runner, now_us=NOW_US)

    assert (early, ended, again) == (0, 1, 0)
    path = api.path(f"surveys/{limited['id']}/")
    assert api.client.get(path).json()["end_date"] is not None
    path = api.path(f"surveys/{unlimited['id']}/")
    assert api.client.get(path).json()["end_date"] is None
