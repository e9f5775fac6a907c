"""The step that keeps `$feature_flag_called` small (ingestion §10).

Upstream names "a whitelist of SDK properties" without listing them. Ours holds what describes the
flag, the SDK, the device, the page, the session and the groups: what people filter flag calls by.
"""

from typing import Final

from hedgerow.ingest.context import StepContext
from hedgerow.ingest.event import Drop, IngestEvent
from hedgerow.people.groups import GROUP_COLUMNS
from hedgerow.people.person_properties import LIFTED

FLAG_CALLED: Final = "$feature_flag_called"
KEPT_PREFIXES: Final = ("$feature/", "$initial_", "$session_entry_")
KEPT_PROPERTIES: Final = LIFTED | frozenset(
    (
        # The flag and what was answered.
        *("$feature_flag", "$feature_flag_response", "$feature_flag_payload"),
        *("$feature_flag_id", "$feature_flag_version", "$feature_flag_reason"),
        *("$feature_flag_request_id", "$feature_flag_evaluated_at", "$feature_flag_error"),
        *("$feature_flag_bootstrapped_response", "$feature_flag_bootstrapped_payload"),
        *("$used_bootstrap_value", "$active_feature_flags", "locally_evaluated"),
        *("$feature_flag_original_response", "$feature_flag_original_payload"),
        # Who and which groups.
        *("distinct_id", "token", "$user_id", "$device_id", "$anon_distinct_id", "$groups"),
        *("$process_person_profile", "$set", "$set_once", "$unset", *GROUP_COLUMNS),
        *("$is_identified", "$is_server"),
        # The SDK, the session and the page.
        *("$lib", "$lib_version", "$lib_custom_api_host", "$insert_id", "$time", "$sent_at"),
        *("$session_id", "$window_id", "$pageview_id", "$host", "$title", "$screen_name"),
        *("$configured_session_timeout_ms", "$cookieless_mode", "$config_defaults"),
        *("$sdk_debug_session_start", "$sdk_debug_retry_queue_size"),
        # The device.
        *("$device", "$device_name", "$device_manufacturer", "$device_model", "$locale"),
        *("$browser_language", "$browser_language_prefix", "$timezone", "$timezone_offset"),
        *("$network_wifi", "$network_cellular", "$network_carrier", "$is_emulator"),
        *("$ip", "$geoip_disable", "$python_runtime", "$python_version", "$os_distro"),
    )
)


def trim_flag_called(event: IngestEvent, _context: StepContext) -> Drop | None:
    """A variant's name is kept with everything; a plain true or false with known properties."""
    if event.name != FLAG_CALLED:
        return None
    properties = event.properties
    if isinstance(properties.get("$feature_flag_response"), str):
        return None
    event.properties = {
        name: value
        for name, value in properties.items()
        if name in KEPT_PROPERTIES or name.startswith((*KEPT_PREFIXES, "$geoip_"))
    }
    return None
