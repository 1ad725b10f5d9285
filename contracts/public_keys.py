"""Public keys, as messages and HTTP bodies carry them."""

from typing import Annotated, Any

from marshmallow import ValidationError, fields

_TEXTS = ("kty", "crv", "x", "y", "kid")


def _check_members(key: dict[str, Any]) -> None:
    """Raise ValidationError for a member that is no text; whether it is a key is seen by use."""
    wrong = [name for name in _TEXTS if not isinstance(key.get(name, ""), str)]
    if wrong:
        raise ValidationError(f"Not a text: {', '.join(wrong)}.")


PublicKey = Annotated[
    dict[str, Any],
    fields.Dict(
        keys=fields.String(),
        validate=_check_members,
        metadata={
            "description": "A public key as a JWK (RFC 7517); never a private one.",
            "examples": [
                {
                    "kty": "OKP",
                    "crv": "Ed25519",
                    "kid": "2026-11",
                    "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",  # RFC 8037, appendix A.2
                }
            ],
            "properties": {
                "kty": {"type": "string", "description": "`EC` or `OKP`."},
                "crv": {"type": "string", "description": "`P-256` or `Ed25519`, for example."},
                "x": {"type": "string", "description": "In base64url, as is `y`."},
                "y": {"type": "string", "description": "Of `EC` only."},
                "kid": {"type": "string", "description": "The key's own id, where it has one."},
            },
        },
    ),
]
