"""A resident reads what they consent to, consents, and gets an attestation."""

from typing import Final

from contracts.journeys.step import Step
from contracts.problems import Text

AT_HOME: Final = (
    Step(
        operation_id="show_consent_text",
        says=Text("The app shows the text of the consent.", "应用展示授权文本。"),
        at="HOME_GATEWAY",
        query=(("recipient", "$HOST_CITY"), ("purpose", "transport"), ("until", "$UNTIL")),
        keeps={"TEXT_VERSION": "version", "TEXT_DIGEST": "digest"},
    ),
    Step(
        operation_id="give_consent",
        says=Text("The resident consents to exactly that.", "居民同意所展示的内容。"),
        at="HOME_GATEWAY",
        bearer="IDENTITY_TOKEN",
        path={"consent_id": "CONSENT_ID"},
        body={
            "recipient": "$HOST_CITY",
            "purposes": ["transport"],
            "text_version": "$TEXT_VERSION",
            "text_digest": "$TEXT_DIGEST",
            "until": "$UNTIL",
        },
    ),
    Step(
        operation_id="issue_attestation",
        says=Text(
            "The app gets an attestation for its key (`HolderKey` of huxin_client makes one).",
            "应用凭自有公钥申领证明（密钥可由 huxin_client 的 HolderKey 生成）。",
        ),
        at="HOME_GATEWAY",
        bearer="IDENTITY_TOKEN",
        path={"attestation_id": "ATTESTATION_ID"},
        body={"recipient": "$HOST_CITY", "holder_key": "$HOLDER_KEY"},
        keeps={"CREDENTIAL": "credential"},
    ),
)
