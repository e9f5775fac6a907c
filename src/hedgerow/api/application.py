"""The API as one application."""

from litestar import Litestar
from litestar.datastructures import CacheControlHeader, ResponseHeader
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

from hedgerow import __version__
from hedgerow.api import (
    data_routes,
    definition_routes,
    group_routes,
    health,
    local_evaluation_routes,
    person_admin_routes,
    person_cohort_routes,
    project_routes,
    property_routes,
    query_routes,
    recording_routes,
    reference,
    stored_flag_routes,
    value_routes,
)
from hedgerow.api.cohort_routes import COHORT_ROUTES
from hedgerow.api.dead_letter_routes import DEAD_LETTER_ROUTES
from hedgerow.api.demo_routes import DEMO_ROUTES
from hedgerow.api.errors import (
    ApiError,
    api_error,
    field_error,
    http_error,
    last_resort,
    query_error,
    user_error,
)
from hedgerow.api.flag_routes import FLAG_ROUTES
from hedgerow.api.live_routes import LIVE_ROUTES
from hedgerow.api.member_routes import MEMBER_ROUTES
from hedgerow.api.related_routes import RELATED_ROUTES
from hedgerow.api.resource_routes import RESOURCE_ROUTES
from hedgerow.api.services import Services
from hedgerow.api.session_routes import SESSION_ROUTES
from hedgerow.api.sql_schema_routes import SQL_SCHEMA_ROUTES
from hedgerow.api.survey_routes import SURVEY_ROUTES
from hedgerow.api.web_pages import WEB_ROUTES
from hedgerow.core.errors import FieldError, QueryError, UserError

REQUEST_BYTES_MAX = 1024 * 1024

_ROUTES = [
    *COHORT_ROUTES,
    *RELATED_ROUTES,
    *FLAG_ROUTES,
    *SURVEY_ROUTES,
    local_evaluation_routes.flag_definitions,
    local_evaluation_routes.project_flag_definitions,
    stored_flag_routes.stored_flags,
    query_routes.run_query,
    property_routes.promoted_properties,
    property_routes.promotion_suggestions,
    property_routes.promote_property,
    property_routes.demote_property,
    query_routes.query_status,
    query_routes.cancel_query,
    data_routes.events,
    data_routes.event_by_id,
    data_routes.persons,
    data_routes.one_person,
    person_admin_routes.split_person,
    person_admin_routes.change_person,
    person_admin_routes.update_property,
    person_admin_routes.delete_property,
    person_admin_routes.delete_person,
    person_cohort_routes.cohorts_of_person,
    value_routes.event_values,
    value_routes.person_values,
    definition_routes.event_definitions,
    definition_routes.changed_event_definition,
    definition_routes.property_definitions,
    definition_routes.changed_property_definition,
    data_routes.ingestion_warnings,
    group_routes.groups,
    group_routes.one_group,
    group_routes.group_types,
    project_routes.projects,
    project_routes.new_project,
    project_routes.one_project,
    project_routes.changed_project,
    project_routes.current_user,
    project_routes.organization,
    recording_routes.recordings,
    recording_routes.one_recording,
    recording_routes.snapshots,
    recording_routes.deleted_recording,
    health.readiness,
    health.status_route,
    health.metrics,
    reference.reference,
    *RESOURCE_ROUTES,
    *SESSION_ROUTES,
    *MEMBER_ROUTES,
    *LIVE_ROUTES,
    *DEAD_LETTER_ROUTES,
    *SQL_SCHEMA_ROUTES,
    *DEMO_ROUTES,
    *WEB_ROUTES,
]


def create_application(services: Services) -> Litestar:
    return Litestar(
        route_handlers=_ROUTES,
        dependencies={"services": Provide(lambda: services, sync_to_thread=False)},
        exception_handlers={
            ApiError: api_error,
            QueryError: query_error,
            FieldError: field_error,
            UserError: user_error,
            HTTPException: http_error,
            Exception: last_resort,
        },
        openapi_config=OpenAPIConfig(
            title="Hedgerow",
            version=__version__,
            path="/api/schema",
            render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        ),
        request_max_body_size=REQUEST_BYTES_MAX,
        response_headers=[
            ResponseHeader(name="x-content-type-options", value="nosniff"),
        ],
        cache_control=CacheControlHeader(no_store=True),
        logging_config=None,
    )
