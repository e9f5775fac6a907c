"""The two readings of the capture protocol (capture-protocol §0).

`documented` follows the published API page: an invalid event is dropped alone, with 200.
`upstream` follows the server's code: one invalid event refuses the whole request with 400.
"""

from typing import Literal

Profile = Literal["documented", "upstream"]
