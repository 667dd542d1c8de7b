"""Where a server store is and who asks."""

from dataclasses import dataclass, field

__all__ = ["Server"]


@dataclass(frozen=True, slots=True)
class Server:
    """A server's address.

    Attributes:
        uri: neo4j:// or bolt:// address, without user and password.
        password: Never shown; '' asks without any.
    """

    uri: str
    user: str
    password: str = field(repr=False)
