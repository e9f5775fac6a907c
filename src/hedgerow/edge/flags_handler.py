"""`/flags/` and `/decide/`: evaluated here where the request decides, else with the core's help."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from hedgerow.core import limits
from hedgerow.core.clock import Clock
from hedgerow.core.errors import CaptureRefusal, FieldError
from hedgerow.core.ids import uuid7
from hedgerow.edge.admission import InFlightBudget
from hedgerow.edge.body import BodyReader
from hedgerow.edge.counters import EdgeCounters
from hedgerow.edge.decoding import Decoding
from hedgerow.edge.public_answers import (
    answer,
    method_not_allowed,
    preflight,
    refusal,
    unknown_token,
)
from hedgerow.edge.public_body import decoded_json, read_capture_request
from hedgerow.edge.published_projects import EdgeProject, PublishedProjects
from hedgerow.edge.query import bearer_token, query_values
from hedgerow.edge.request import RequestBody, RequestHead, Response
from hedgerow.edge.stored_flags import StoredFlags
from hedgerow.flags.answers import AnswerShape, EvaluatedFlag, answer_shape, flags_answer
from hedgerow.flags.definition import FlagDefinition
from hedgerow.flags.evaluation import Evaluation, FlagResult, Reason
from hedgerow.flags.request import FlagRequest, parse_flag_request

ALLOWED_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_TRUE: Final = ("true", "1")
_UNDECIDED: Final = FlagResult(enabled=False, variant=None, reason=Reason.NO_CONDITION_MATCH)


@dataclass(frozen=True, slots=True)
class _Options:
    """What the query asks for."""

    decide: bool
    shape: AnswerShape
    with_config: bool
    surveys_only: bool
    token: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagsHandler:
    projects: PublishedProjects
    stored: StoredFlags
    clock: Clock
    budget: InFlightBudget
    counters: EdgeCounters
    bodies: BodyReader
    decoding: Decoding

    async def handle(self, head: RequestHead, body: RequestBody, *, decide: bool) -> Response:
        """Always an answer, with CORS headers also on errors (sdk-contract §1.10)."""
        if head.method == "OPTIONS":
            return preflight(head)
        if head.method not in ("GET", "HEAD", "POST"):
            return method_not_allowed(head, ALLOWED_METHODS)
        response = await self._answer(head, body, _options(head, decide=decide))
        self.counters.flags_answered(response.status)
        return response

    async def _answer(self, head: RequestHead, body: RequestBody, options: _Options) -> Response:
        reservation = self.budget.reserve()
        try:
            sent = await read_capture_request(
                self.bodies, head, body, reservation, ip="", now_us=self.clock.now_us()
            )
            text = await decoded_json(self.decoding, sent, limits.FLAGS_BODY_BYTES_MAX)
            request = parse_flag_request(
                text, other_token=options.token, guessed_runtime=_runtime(head)
            )
        except CaptureRefusal as refused:
            return refusal(head, refused.status, refused.text)
        except FieldError as error:
            return refusal(head, 400, str(error), attribute=error.attribute)
        finally:
            reservation.release()
        project = self.projects.find(request.token)
        if project is None:
            if not self.projects.known:
                return refusal(head, 503, "The flags are not known yet. Try again in a moment.")
            return unknown_token(head)
        return await self._flags(head, text, request, project, options)

    async def _flags(
        self,
        head: RequestHead,
        text: bytes,
        request: FlagRequest,
        project: EdgeProject,
        options: _Options,
    ) -> Response:
        now_us = self.clock.now_us()
        evaluated, errors = await self._evaluated(text, request, project, options, now_us)
        body = flags_answer(
            evaluated,
            options.shape,
            errors=errors,
            request_id=uuid7(now_us // 1000),
            now_ms=now_us // 1000,
            config=_config(project, options, now_us),
        )
        return answer(head, body)

    async def _evaluated(
        self,
        text: bytes,
        request: FlagRequest,
        project: EdgeProject,
        options: _Options,
        now_us: int,
    ) -> tuple[list[EvaluatedFlag], bool]:
        """All flags asked for, and whether some are a guess."""
        if request.flags_disabled:
            return [], False
        wanted = [
            flag
            for flag in project.flags.flags
            if request.wants(flag, surveys_only=options.surveys_only)
        ]
        now = datetime.fromtimestamp(now_us / 1_000_000, UTC)
        evaluation = Evaluation(project.flags, request.subject, now)
        results = {flag.key: evaluation.result(flag) for flag in wanted}
        open_keys = [key for key, result in results.items() if result is None]
        if not open_keys:
            return [EvaluatedFlag(flag, results[flag.key] or _UNDECIDED) for flag in wanted], False
        stored = await self.stored.evaluate(project.token, text, open_keys)
        self.counters.flags_asked(answered=len(stored) == len(open_keys))
        guesses = _Guesses(project, request, now)
        evaluated = [
            _evaluated_flag(flag, results[flag.key] or stored.get(flag.key), guesses)
            for flag in wanted
        ]
        return evaluated, len(stored) < len(open_keys)


class _Guesses:
    """What flags would be if the request carried all there is: used when the core is silent."""

    def __init__(self, project: EdgeProject, request: FlagRequest, now: datetime) -> None:
        subject = request.subject
        anonymous_id = subject.anonymous_id
        # What the core would keep for someone who has nothing kept yet.
        kept_ids = {flag.key: anonymous_id for flag in project.flags.flags} if anonymous_id else {}
        with_ids = replace(subject, kept_ids=kept_ids)
        self._with_ids = Evaluation(project.flags, with_ids, now)
        self._complete = Evaluation(project.flags, replace(with_ids, complete=True), now)

    def guess(self, flag: FlagDefinition) -> EvaluatedFlag:
        """Marked as failed where a property that is not known decides; an SDK then keeps the value
        it has. A kept id alone is a good guess, and some flags may be guessed.
        """
        by_id = self._with_ids.result(flag)
        if by_id is not None:
            return EvaluatedFlag(flag, by_id)
        guess = self._complete.result(flag) or _UNDECIDED
        return EvaluatedFlag(flag, guess, failed=not flag.may_be_guessed)


def _evaluated_flag(
    flag: FlagDefinition, result: FlagResult | None, guesses: _Guesses
) -> EvaluatedFlag:
    return guesses.guess(flag) if result is None else EvaluatedFlag(flag, result)


def _options(head: RequestHead, *, decide: bool) -> _Options:
    query = query_values(head.query_string)
    return _Options(
        decide=decide,
        shape=answer_shape(query.get("v"), decide=decide),
        with_config=decide or query.get("config") in _TRUE,
        surveys_only=query.get("only_evaluate_survey_feature_flags") in _TRUE,
        token=query.get("token") or bearer_token(head),
    )


def _config(project: EdgeProject, options: _Options, now_us: int) -> Mapping[str, Any] | None:
    if not options.with_config:
        return None
    config = project.config(now_us)
    if not options.decide:
        return config
    # By this the SDKs of that age know whether to capture clicks.
    return {**config, "config": {"enable_collect_everything": not config["autocapture_opt_out"]}}


def _runtime(head: RequestHead) -> str | None:
    """A page sends its origin; nothing else that asks for flags does."""
    return "client" if head.header("origin") else None
