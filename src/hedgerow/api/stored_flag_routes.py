"""Flags with everything that is stored, for the edge alone: it lets nobody through to this path."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import Request, Response, post

from hedgerow.api.errors import ApiError
from hedgerow.api.services import Services
from hedgerow.directory.flag_subjects import complete_subject
from hedgerow.directory.projects import project_by_token
from hedgerow.directory.publishing import group_type_names
from hedgerow.flags.evaluation import Evaluation
from hedgerow.flags.project_flags import ProjectFlags
from hedgerow.flags.request import parse_flag_request
from hedgerow.flags.stored_question import (
    STORED_FLAGS_PATH,
    StoredAnswer,
    StoredQuestion,
    decode_questions,
    encode_answers,
)


@post(STORED_FLAGS_PATH, status_code=200, include_in_schema=False)
async def stored_flags(request: Request[Any, Any, Any], services: Services) -> Response[bytes]:
    """An answer for each question, in their order."""
    try:
        questions = decode_questions(await request.body())
    except msgspec.MsgspecError as error:
        raise ApiError(400, f"The questions are not readable: {error}") from None
    answers = await asyncio.to_thread(_answers, services, questions)
    return Response(encode_answers(answers), media_type="application/json")


def _answers(services: Services, questions: list[StoredQuestion]) -> list[StoredAnswer]:
    """What all questions of a project share is read once."""
    now = datetime.fromtimestamp(services.clock.now_us() / 1_000_000, UTC)
    projects = {
        token: _StoredProject.of(services, token)
        for token in {question.token for question in questions}
    }
    answers: list[StoredAnswer] = []
    for question in questions:
        project = projects[question.token]
        answers.append({} if project is None else project.answer(services, question, now))
    return answers


class _StoredProject:
    """One project's flags, for as long as one batch of questions takes."""

    def __init__(self, project_id: int, flags: ProjectFlags) -> None:
        self._project_id = project_id
        self._flags = flags
        # All of them, since one may be what another depends on.
        self._continuous = [
            flag.key
            for flag in flags.flags
            if flag.active and flag.ensure_experience_continuity and flag.hashes
        ]

    @classmethod
    def of(cls, services: Services, token: str) -> "_StoredProject | None":
        project = project_by_token(services.directory, token)
        if project is None:
            return None
        flags = services.publisher.project_flags(project.id)
        types = group_type_names(services.directory, project.id)
        return cls(project.id, flags.with_group_types(types))

    def answer(self, services: Services, question: StoredQuestion, now: datetime) -> StoredAnswer:
        request = parse_flag_request(bytes(question.request), other_token=question.token)
        subject = complete_subject(
            services.directory,
            self._project_id,
            request.subject,
            group_types=self._flags.group_types,
            continuous_flags=self._continuous,
        )
        evaluation = Evaluation(self._flags, subject, now)
        found = [flag for key in question.flag_keys if (flag := self._flags.find(key)) is not None]
        results = {flag.key: evaluation.result(flag) for flag in found}
        return {key: result for key, result in results.items() if result is not None}
