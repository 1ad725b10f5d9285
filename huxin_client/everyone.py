"""What anybody may read."""

from collections.abc import Collection
from datetime import datetime

from contracts import consents, http
from contracts.words import Category
from huxin_client.caller import Caller


class Everyone(Caller):
    """Trust documents, status lists, the catalogue of problems, health."""

    def show_consent_text(
        self, recipient: str, purposes: Collection[Category], until: datetime
    ) -> consents.ConsentTextAnswer:
        """Fetch the text that a resident has to be shown before consent."""
        terms = {"recipient": recipient, "purpose": list(purposes), "until": until.isoformat()}
        return self.door.ask(consents.ConsentTextAnswer, "show_consent_text", query=terms)

    def list_cities(self, at: datetime | None = None) -> http.CitiesAnswer:
        query = {"at": at.isoformat() if at else None}
        return self.door.ask(http.CitiesAnswer, "list_cities", query=query)

    def show_issuer(self) -> http.IssuerMetadata:
        return self.door.ask(http.IssuerMetadata, "show_issuer")

    def show_roster(self) -> bytes:
        return self.door.fetch("show_roster")

    def show_pseudonym_keys(self) -> bytes:
        return self.door.fetch("show_pseudonym_keys")

    def show_crosswalk(self) -> bytes:
        return self.door.fetch("show_crosswalk")

    def show_crosswalk_text(self) -> bytes:
        return self.door.fetch("show_crosswalk_text")

    def show_crosswalk_version(self, crosswalk: str, version: int | None = None) -> bytes:
        query = {"version": version}
        return self.door.fetch("show_crosswalk_version", query=query, crosswalk=crosswalk)

    def show_status_list(self, number: int, time: int | None = None) -> bytes:
        """Fetch a signed status list; `time` (seconds) asks for one of the past."""
        return self.door.fetch("show_status_list", query={"time": time}, list=number)

    def list_problems(self) -> http.ProblemKinds:
        return self.door.ask(http.ProblemKinds, "list_problems")

    def show_problem(self, code: str) -> bytes:
        return self.door.fetch("show_problem", problem=code)

    def show_openapi(self) -> bytes:
        return self.door.fetch("show_openapi")

    def show_liveness(self) -> http.HealthReport:
        return self.door.ask(http.HealthReport, "show_liveness")

    def show_readiness(self) -> http.HealthReport:
        return self.door.ask(http.HealthReport, "show_readiness")

    def show_metrics(self) -> bytes:
        return self.door.fetch("show_metrics")
