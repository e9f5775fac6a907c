"""An older release of posthog-python, with its default options. It lies first on the path.

Environment: HOST, TOKEN, SECRET, RUN.
"""

import json
import os
from typing import Any

from posthog import Posthog

HOST, TOKEN, RUN = (os.environ[name] for name in ("HOST", "TOKEN", "RUN"))
KEYS = ("e2e-bool", "e2e-multi", "e2e-off")
ALICE = f"{RUN}-alice"
PRO = {"plan": "pro"}
errors: list[str] = []


def main() -> None:
    def told(error: object, _batch: object) -> None:
        errors.append(repr(error))

    # Of another release than the one that types are checked with.
    client: Any = Posthog(TOKEN, host=HOST, on_error=told)
    client.capture(ALICE, "old event", {"n": 1.5, "s": "hé", "run": RUN})
    client.identify(ALICE, PRO)
    client.alias(f"{RUN}-alice-old", ALICE)
    client.group_identify("company", f"{RUN}-acme", {"seats": 11})
    client.capture(ALICE, "old group", {"run": RUN}, groups={"company": f"{RUN}-acme"})
    flags = {key: client.get_feature_flag(key, ALICE, person_properties=PRO) for key in KEYS}
    client.flush()
    client.shutdown()
    with_secret: Any = Posthog(
        TOKEN, host=HOST, personal_api_key=os.environ["SECRET"], on_error=told
    )
    local = {
        key: with_secret.get_feature_flag(
            key,
            ALICE,
            person_properties=PRO,
            only_evaluate_locally=True,
            send_feature_flag_events=False,
        )
        for key in KEYS
    }
    with_secret.shutdown()
    print(json.dumps({"flags": flags, "local": local, "errors": errors}))


main()
