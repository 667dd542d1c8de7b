"""What a running process of the service holds: stores, access file, rulebook, clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from limits import RateLimitItem, parse
from limits.strategies import FixedWindowRateLimiter

from api.keys import load_or_make_key
from api.service.access import Access
from api.service.authorisations import Authorisations
from api.service.config import Service
from api.service.counting import Counts
from api.service.covering import Covering
from api.service.gate import Gate
from api.service.pool import Pool
from api.service.recorder import Recorder
from api.service.roles import Role
from api.service.tokens import Tokens
from api.service.vault import Vault
from graph.errors import UsageError
from graph.sanctions.explain import measure_text
from graph.sanctions.rulebook import Rulebook, load_rulebook
from graph.secrecy import Seal
from graph.texts import phrase
from loaders.manifest import Manifest
from loaders.manifest_reader import read_manifests

__all__ = ["Running", "start"]

_FAILURES = parse("30/minute")


@dataclass(frozen=True, slots=True)
class Running:
    """Everything a route works with.

    Attributes:
        clock: The only clock a route reads.
    """

    config: Service
    seal: Seal
    pool: Pool
    access: Access
    authorisations: Authorisations
    vault: Vault
    recorder: Recorder
    tokens: Tokens | None
    limiter: FixedWindowRateLimiter
    rate: RateLimitItem
    covering: Covering
    rulebook: Rulebook
    manifests: tuple[Manifest, ...]
    clock: Callable[[], datetime]

    @property
    def today(self) -> date:
        """The day questions are asked about unless they name one."""
        return self.clock().astimezone().date()

    def identify(self, token: str, address: str) -> tuple[str, Role]:
        """Return name and role of the holder of a key or token.

        Args:
            address: Whence the request came; who tries too many wrong keys has to wait.

        Raises:
            UsageError: E901 no token, E902 not one to be believed, E910 too many tries.
        """
        if not token:
            raise UsageError("E901")
        # A good key is good wherever it comes from: others behind the same address may try keys.
        key = self.access.holder(token, self.clock())
        if key is not None:
            return key.id, key.role
        if not self.limiter.test(_FAILURES, "failures", address):
            raise UsageError("E910", rate=str(_FAILURES))
        found = None if self.tokens is None else self.tokens.holder(token)
        if found is None:
            self.limiter.hit(_FAILURES, "failures", address)
            raise UsageError("E902")
        return found

    def identify_ticket(self, token: str, address: str) -> tuple[str, Role]:
        """Return name and role of the holder of a ticket: it opens what the public may ask.

        Raises:
            UsageError: E961 not a good ticket, E910 too many tries.
        """
        if not self.limiter.test(_FAILURES, "failures", address):
            raise UsageError("E910", rate=str(_FAILURES))
        ticket = self.vault.ticket(token, self.clock())
        if ticket is None:
            self.limiter.hit(_FAILURES, "failures", address)
            raise UsageError("E961")
        return ticket.caller, Role.PUBLIC

    def count(self, caller: str) -> None:
        """Count a request of a caller; raises UsageError E910 past the rate."""
        if not self.limiter.hit(self.rate, caller):
            raise UsageError("E910", rate=self.config.rate)

    def close(self) -> None:
        """Write what waits and close every file."""
        self.recorder.close()
        self.access.close()
        self.pool.close()


def start(config: Service, clock: Callable[[], datetime] | None = None) -> Running:
    """Open everything a process of the service needs.

    Raises:
        StoreError: The store or the access file cannot be used.
        UsageError: E914, the keys of the token issuer cannot be read.
    """
    seal = Seal(load_or_make_key(config.settings.key_file))
    manifests = read_manifests()
    # Texts and rules are read here, not while the first asker waits.
    measure_text("")
    phrase("list_separator")
    tokens = None if config.oidc is None else Tokens(config.oidc)
    pool = Pool(config.settings.store, seal, config.readers, config.seconds)
    access = Access(config.access, seal)
    gate = Gate(config.access.with_name(f"{config.access.name}.gate"), config.seconds)
    return Running(
        config=config,
        seal=seal,
        pool=pool,
        access=access,
        authorisations=Authorisations(access),
        vault=Vault(access, seal, gate),
        recorder=Recorder(config.access, seal),
        tokens=tokens,
        limiter=FixedWindowRateLimiter(Counts()),
        rate=parse(config.rate),
        covering=Covering(manifests),
        rulebook=load_rulebook(),
        manifests=manifests,
        clock=clock or (lambda: datetime.now(UTC)),
    )
