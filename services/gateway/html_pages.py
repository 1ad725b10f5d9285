"""Pages for people: templates in which every value is escaped, and nothing is fetched or run."""

import base64
import hashlib
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("services.gateway"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, **said: Any) -> bytes:
    """Render a template of services/gateway/templates; the style sheet is in the page itself."""
    return _ENVIRONMENT.get_template(template).render(style=_style(), **said).encode()


def headers() -> dict[str, str]:
    """Return what a browser has to know: this style sheet, and no script, picture or frame."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    return {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


@cache
def _style() -> str:
    return _ENVIRONMENT.get_template("style.css").render()
