"""A scenario operator: a till that redeems passes, and a small server that hears webhooks."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid4

from services.cli.demo.http import Answer, Door


class Operator:
    """One operator with the credentials the city gave it."""

    def __init__(self, url: str, operator_id: str, client_id: str, client_secret: str) -> None:
        self.id = operator_id
        form = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
        }
        self.signed_in = Door(url).post("/v1/oauth/token", form=form)
        self.door = Door(url, self.signed_in["access_token"])

    def register(
        self, scenario: dict[str, Any], incentive: dict[str, Any]
    ) -> tuple[Answer, Answer]:
        """Register a scenario and submit its incentive under the same id."""
        incentive_id = incentive["incentive_id"]
        registered = self.door.put(f"/v1/scenarios/{incentive_id}", scenario)
        terms = {name: value for name, value in incentive.items() if name != "incentive_id"}
        submitted = self.door.put(
            f"/v1/incentives/{incentive_id}", {"scenario_id": incentive_id, **terms}
        )
        return registered, submitted

    def redeem(self, pass_token: str, redemption_id: UUID | None = None) -> Answer:
        path = f"/v1/redemptions/{redemption_id or uuid4()}"
        return self.door.put(path, {"pass_token": pass_token})


def accept(official: Door, draft: Answer) -> Answer:
    """Let the city accept what an operator submitted."""
    path = f"/v1/catalogue/incentives/{draft['incentive_id']}/versions/{draft['version']}/review"
    return official.put(path, {"outcome": "accepted"})


class WebhookReceiver:
    """An operator's own system: it keeps the webhooks whose signature is right."""

    def __init__(self) -> None:
        self.secret = ""
        self.received: list[dict[str, Any]] = []
        self.refused = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.genuine(dict(self.headers), body):
                    receiver.received.append(json.loads(body))
                    self.send_response(204)
                else:
                    receiver.refused += 1
                    self.send_response(401)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent: the demo tells what arrived."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/huxin"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def genuine(self, headers: dict[str, str], body: bytes) -> bool:
        """Check a signature as the Standard Webhooks specification asks."""
        given = {name.lower(): value for name, value in headers.items()}
        signed = f"{given['webhook-id']}.{given['webhook-timestamp']}.".encode() + body
        key = base64.b64decode(self.secret.removeprefix("whsec_"))
        expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
        return any(
            hmac.compare_digest(signature, f"v1,{expected}")
            for signature in given["webhook-signature"].split()
        )

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
