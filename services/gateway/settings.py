"""What the gateway's three parts must be told."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated

from marshmallow import fields, validate

from contracts.fields import CityCode, Positive, Url
from contracts.routes.route import Audience
from services.plumbing.log import LogLevel

Seconds = Annotated[
    float, fields.Float(validate=validate.Range(min=0, min_inclusive=False, max=86_400))
]


@dataclass(frozen=True, kw_only=True)
class GatewaySettings:
    """Invariant: complete; a missing value stops the start."""

    city: CityCode
    gateway_url: Url
    bus_url: str
    gateway_database: str
    keys_directory: Path
    roster_file: Path
    identity_issuer: str
    identity_keys_file: Path
    http_host: str = "127.0.0.1"
    http_port: Positive = 8000
    log_level: LogLevel = "INFO"
    visibility_wait: Seconds = 1.0  # for what a holder did a moment ago to reach the read side
    # requests that one caller may make in a minute, to each worker
    person_requests_per_minute: Positive = 600
    operator_requests_per_minute: Positive = 6_000
    city_requests_per_minute: Positive = 60_000
    # courier: twice the delay after each failure, so 100 attempts take about three days
    delivery_attempts: Positive = 100
    delivery_first_delay: Seconds = 2.0
    delivery_longest_delay: Seconds = 3600.0
    delivery_timeout: Seconds = 10.0
    delivery_poll: Seconds = 0.5
    breaker_failures: Positive = 5
    breaker_rest: Seconds = 30.0
    poll_seconds: Seconds = 300.0  # between looks for notices that wait at other cities
    webhooks_to_private_addresses: bool = False  # and without TLS: to try things on one machine

    @property
    def logs_requests(self) -> bool:
        return self.log_level.upper() in {"DEBUG", "INFO"}

    @property
    def requests_per_minute(self) -> dict[Audience, int]:
        """By audience; what everybody may ask for is not counted, as nobody says who they are."""
        return {
            Audience.CITIZEN: self.person_requests_per_minute,
            Audience.HOLDER: self.person_requests_per_minute,
            Audience.ERASED: self.person_requests_per_minute,
            Audience.ADMINISTRATOR: self.operator_requests_per_minute,
            Audience.OPERATOR: self.operator_requests_per_minute,
            Audience.CITY: self.city_requests_per_minute,
        }

    @property
    def first_delay(self) -> timedelta:
        return timedelta(seconds=self.delivery_first_delay)

    @property
    def longest_delay(self) -> timedelta:
        return timedelta(seconds=self.delivery_longest_delay)
