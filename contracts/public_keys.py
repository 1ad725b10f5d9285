"""Public keys, as messages and HTTP bodies carry them."""

from typing import Annotated, Any

from marshmallow import fields

PublicKey = Annotated[
    dict[str, Any],
    fields.Dict(
        keys=fields.String(),
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
