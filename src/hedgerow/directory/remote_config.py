"""What a project tells its SDKs: the remote configuration (sdk-contract §8.1)."""

from typing import Any, Final

from hedgerow.directory.project_settings import ProjectSettings

RECORDING_ENDPOINT: Final = "/s/"
ANALYTICS_ENDPOINT: Final = "/i/v0/e/"


def remote_config(token: str, settings: ProjectSettings, *, has_flags: bool) -> dict[str, Any]:
    """All of it but `surveys`, which depends on the moment it is told."""
    exceptions = settings.autocapture_exceptions_opt_in
    return {
        "token": token,
        "supportedCompression": ["gzip", "gzip-js"],
        "hasFeatureFlags": has_flags,
        "captureDeadClicks": settings.capture_dead_clicks,
        "capturePerformance": _performance(settings),
        "autocapture_opt_out": settings.autocapture_opt_out,
        "autocaptureExceptions": exceptions,
        "analytics": {"endpoint": ANALYTICS_ENDPOINT},
        "elementsChainAsString": True,
        "errorTracking": {"autocaptureExceptions": exceptions, "suppressionRules": []},
        "logs": {"captureConsoleLogs": False},
        "sessionRecording": _recording(settings),
        "heatmaps": settings.heatmaps_opt_in is True,
        "productTours": False,
        "conversations": False,
        "defaultIdentifiedOnly": True,
        "siteApps": [],
        "toolbarParams": {},
        "isAuthenticated": False,
        "editorParams": {},
    }


def _performance(settings: ProjectSettings) -> dict[str, Any] | bool:
    if not (settings.capture_performance_opt_in or settings.autocapture_web_vitals_opt_in):
        return False
    return {
        "network_timing": settings.capture_performance_opt_in,
        "web_vitals": settings.autocapture_web_vitals_opt_in,
        "web_vitals_allowed_metrics": None,
    }


def _recording(settings: ProjectSettings) -> dict[str, Any] | bool:
    if not settings.session_recording_opt_in:
        return False
    return {
        "endpoint": RECORDING_ENDPOINT,
        "consoleLogRecordingEnabled": settings.capture_console_log_opt_in,
        "recorderVersion": "v2",
        "sampleRate": settings.session_recording_sample_rate,
        "minimumDurationMilliseconds": settings.session_recording_minimum_duration_milliseconds,
        "linkedFlag": None,
        "networkPayloadCapture": None,
        "masking": None,
        "urlTriggers": [],
        "urlBlocklist": [],
        "eventTriggers": [],
        "triggerMatchType": None,
        "scriptConfig": None,
    }
