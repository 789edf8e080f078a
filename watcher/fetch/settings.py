"""What a download may cost us, and what it may cost the host that is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from watcher.fetch.credentials import Credentials

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """Deadlines in seconds, sizes in bytes; each holds for one request with all its redirects.

    ``contact`` is an address where the owner of a site can reach whoever runs this program; it stands in the
    User-Agent. ``gap`` is the least time between the starts of two requests to one host, ``per_host`` how many may run
    there at once. ``buffered_bytes`` bounds the bodies that wait to be read; above it no new request is started.
    ``held_bytes`` bounds all bodies together, also those that are on their way: see ``room``.
    ``proxy`` is used only when given here: the environment's would bypass the check of addresses, which then is the
    proxy's duty. ``ca_file`` replaces the system's certificates.
    """

    connect_timeout: float = 10.0
    total_timeout: float = 30.0
    low_speed: int = 100  # bytes a second, over ``low_speed_time``
    low_speed_time: int = 15
    max_bytes: int = 10 * MIB  # as they come over the wire
    max_decoded_bytes: int = 20 * MIB  # once unpacked
    max_redirects: int = 5
    concurrency: int = 64
    per_host: int = 2
    gap: float = 0.25
    product: str = "watcher/0.1"
    contact: str | None = None
    allow_private: bool = False
    buffered_bytes: int = 8 * MIB
    held_bytes: int = 64 * MIB
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    ca_file: str | None = None
    credentials: Mapping[str, Credentials] = field(default_factory=dict)  # by the id of the source

    @property
    def user_agent(self) -> str:
        """How we name ourselves to servers."""
        about = f"; +{self.contact}" if self.contact else ""
        return f"{self.product} (feed and page watcher{about})"
