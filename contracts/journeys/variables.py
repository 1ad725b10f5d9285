"""Shell variables of the journey: what each one holds, and what stands for it in examples."""

from dataclasses import dataclass
from typing import Any, Final

from contracts.problems import Text


@dataclass(frozen=True)
class Variable:
    """What one holds; `sample` stands for it where a value has to be shown."""

    meaning: Text
    sample: Any


_COMPACT: Final = "eyJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl"

VARIABLES: Final[dict[str, Variable]] = {
    "HOST_GATEWAY": Variable(
        Text("The address of the host's node.", "目的地城市节点的地址。"),
        "https://hangzhou.example",
    ),
    "HOME_GATEWAY": Variable(
        Text("The address of the home city's node.", "归属城市节点的地址。"),
        "https://fuzhou.example",
    ),
    "HOST_CITY": Variable(Text("The host's GB/T 2260 code.", "目的地城市代码。"), "330100"),
    "CLIENT_ID": Variable(Text("The operator's client.", "运营方客户端编号。"), "city-bikes"),
    "CLIENT_SECRET": Variable(
        Text("Its secret.", "客户端密钥。"), "1lVWmEoRmF6rK8yXoVYw0n3Rz0Qm2v4c"
    ),
    "OPERATOR_TOKEN": Variable(Text("The access token.", "访问令牌。"), _COMPACT),
    "SCENARIO_ID": Variable(Text("An id you choose.", "自选编号。"), "public-bicycles"),
    "INCENTIVE_ID": Variable(Text("An id you choose.", "自选编号。"), "free-half-hour"),
    "VERSION": Variable(Text("The version submitted.", "所提交的版本号。"), 1),
    "ADMINISTRATOR_TOKEN": Variable(
        Text(
            "A token of the city's identity provider, with the role.",
            "本市身份认证系统签发的管理员令牌。",
        ),
        _COMPACT,
    ),
    "IDENTITY_TOKEN": Variable(
        Text("The resident's token of the city's identity provider.", "居民的身份认证令牌。"),
        _COMPACT,
    ),
    "UNTIL": Variable(Text("When the consent ends.", "授权截止时间。"), "2026-12-05T02:00:00Z"),
    "CONSENT_ID": Variable(
        Text("A UUID you choose.", "自选 UUID。"), "0b8dbb1c-5df6-4c0f-9f6e-0f2f6f2f7c11"
    ),
    "TEXT_VERSION": Variable(Text("The version of the text.", "授权文本版本。"), "2026-1"),
    "TEXT_DIGEST": Variable(
        Text("The digest of the text shown.", "所展示文本的摘要。"),
        "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
    ),
    "ATTESTATION_ID": Variable(
        Text("A UUID you choose.", "自选 UUID。"), "3f0fb4a3-5b8b-4f6e-8b51-9a4b7a0f5c22"
    ),
    "HOLDER_KEY": Variable(
        Text("The holder's public key as a JWK, in JSON.", "持有人公钥（JWK，JSON 格式）。"),
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",  # RFC 7517, appendix A.1
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
    ),
    "HOLDER_KEY_FILE": Variable(
        Text("A file with the holder's private key.", "存放持有人私钥的文件。"), "holder.jwk"
    ),
    "CREDENTIAL": Variable(Text("The attestation.", "证明。"), f"{_COMPACT}~"),
    "SESSION_TOKEN": Variable(Text("The session's token.", "会话令牌。"), _COMPACT),
    "GRANT_ID": Variable(
        Text("A UUID you choose.", "自选 UUID。"), "9d2c7c1e-7f3b-4c5d-8e21-6f0a1b2c3d33"
    ),
    "PASS_TOKEN": Variable(Text("What the till scans.", "供扫码的通行凭证。"), _COMPACT),
    "REDEMPTION_ID": Variable(
        Text("A UUID you choose.", "自选 UUID。"), "c7e0b1d2-3a4f-4b5c-9d6e-7f8091a2b344"
    ),
    "TRANSPORT_KEY_FILE": Variable(
        Text("A file with the city's transport key.", "存放城市传输密钥的文件。"),
        "transport.jwk",
    ),
}
