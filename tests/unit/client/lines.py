"""A connection that answers as it is told, and callers that use it."""

from dataclasses import dataclass, field

import requests


@dataclass
class Line:
    """What was sent over it is kept, and how long was waited."""

    answers: list
    sent: list = field(default_factory=list)
    pauses: list = field(default_factory=list)

    def prepare_request(self, request):
        return requests.Session().prepare_request(request)

    def send(self, request, **_options):
        self.sent.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body, headers = answer
        response = requests.Response()
        response.status_code, response._content = status, body  # noqa: SLF001
        response.headers.update(headers)
        return response


def over_a_line(caller, *answers):
    """Return the caller, with the line it sends over from now on."""
    line = Line([*answers])
    caller.door.session = line
    return caller, line
