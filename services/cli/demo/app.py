"""A citizen's app: it holds the person's key and talks to the home and the host gateway."""

import base64
import hashlib
import json
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

from services.cli.demo.http import Answer, Door

EVERYTHING = ("tier", "band", "as_of", "purposes")


class App:
    """One person's app.  The key never leaves it; the civil id is known to home alone."""

    def __init__(self, home: Door) -> None:
        self.home = home
        self._key = ECKey.generate_key("P-256")  # what phones keep in hardware

    # --- at home

    def consent_text(self, recipient: str, purposes: list[str], until: datetime) -> Answer:
        """Fetch what has to be shown before consent."""
        terms = {"recipient": recipient, "purpose": purposes, "until": until.isoformat()}
        return self.home.get(f"/v1/consent-text?{urlencode(terms, doseq=True)}")

    def consent(self, recipient: str, purposes: list[str], days: float = 90) -> Answer:
        """Show the text, and consent to exactly that."""
        until = datetime.now(UTC) + timedelta(days=days)
        shown = self.consent_text(recipient, purposes, until)
        if not shown.ok:
            return shown
        body = {
            "recipient": recipient,
            "purposes": purposes,
            "text_version": shown["version"],
            "text_digest": shown["digest"],
            "until": until.isoformat(),
        }
        return self.home.put(f"/v1/consents/{uuid4()}", body)

    def withdraw(self, consent_id: str) -> Answer:
        return self.home.delete(f"/v1/consents/{consent_id}")

    def attestation(self, recipient: str) -> Answer:
        public = self._key.as_dict(private=False)
        key = {name: public[name] for name in ("kty", "crv", "x", "y")}
        body = {"recipient": recipient, "holder_key": key}
        return self.home.put(f"/v1/attestations/{uuid4()}", body)

    # --- at a host

    def challenge(self, host: Door) -> Answer:
        return host.post("/v1/challenges")

    def presentation(
        self, credential: str, challenge: Answer, names: Iterable[str] = EVERYTHING
    ) -> str:
        """Show the named claims and prove the key (RFC 9901 §4.3)."""
        token, *disclosures = credential.rstrip("~").split("~")
        shown = [text for text in disclosures if disclosed_name(text) in set(names)]
        bound = "~".join([token, *shown]) + "~"
        digest = hashlib.sha256(bound.encode()).digest()
        claims = {
            "aud": challenge["audience"],
            "nonce": challenge["nonce"],
            "iat": int(time.time()),
            "sd_hash": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        }
        header = {"alg": "ES256", "typ": "kb+jwt"}
        return bound + jwt.encode(header, claims, self._key, algorithms=["ES256"])

    def present(self, host: Door, challenge: Answer, presentation: str) -> Answer:
        body = {"challenge_id": challenge["challenge_id"], "presentation": presentation}
        return host.put(f"/v1/recognitions/{uuid4()}", body)

    def enter(self, host: Door, credential: str) -> Answer:
        """Answer a fresh challenge with an attestation."""
        challenge = self.challenge(host)
        return self.present(host, challenge, self.presentation(credential, challenge))


def disclosed_name(disclosure: str) -> str:
    """Return the claim name inside a disclosure `[salt, name, value]`."""
    return str(decoded(disclosure)[1])


def visible_claims(credential: str) -> dict[str, Any]:
    """Return everything that a reader of the whole credential can learn."""
    token, *disclosures = credential.rstrip("~").split("~")
    claims: dict[str, Any] = decoded(token.split(".")[1])
    for text in disclosures:
        _salt, name, value = decoded(text)
        claims[name] = value
    return claims


def decoded(text: str) -> Any:
    """Read one base64url part of a credential."""
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
