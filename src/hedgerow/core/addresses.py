"""Client addresses, whole or without the part that names one household."""

import ipaddress
from typing import Final

_KEPT_BITS: Final = {4: 24, 6: 48}


def truncated_ip(text: str) -> str | None:
    """The network of the address, /24 or /48; None where the text is no address."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    network = ipaddress.ip_network((address, _KEPT_BITS[address.version]), strict=False)
    return str(network.network_address)
