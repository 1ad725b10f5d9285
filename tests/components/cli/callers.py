"""A gateway that answers as it is told, for commands that call one."""

import json
from dataclasses import dataclass, field

import requests

TOKEN = {"access_token": "t-1", "token_type": "Bearer", "expires_in": 3600, "scope": "redemptions"}


@dataclass
class Gateway:
    """Invariant: every call is kept; one that no answer was given for is a mistake of the test."""

    answers: dict = field(default_factory=dict)
    sent: list = field(default_factory=list)

    def says(self, call, *answers, status=200):
        """Answer a call, such as `GET /v1/webhook`: in turn, and the last one from then on.

        An answer with header fields is a pair.
        """
        self.answers[call] = [(status, answer) for answer in answers]

    def send(self, request, **_options):
        path = "/" + request.url.split("?")[0].split("/", 3)[3]
        self.sent.append(request)
        call = next(each for each in self.answers if _meets(each, f"{request.method} {path}"))
        queue = self.answers[call]
        status, said = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(said, Exception):
            raise said
        said, headers = said if isinstance(said, tuple) else (said, {})
        response = requests.Response()
        response.headers.update(headers)
        response.status_code = status
        response._content = said if isinstance(said, bytes) else json.dumps(said).encode()  # noqa: SLF001
        return response

    def calls(self, method):
        return [each.url.split("/", 3)[3] for each in self.sent if each.method == method]


def _meets(call, asked):
    """Whether a call is the one asked; `*` stands for an id."""
    head, star, tail = call.partition("*")
    return asked == call if not star else asked.startswith(head) and asked.endswith(tail)
