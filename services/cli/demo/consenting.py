"""What a resident is shown before they consent, and that they consent to exactly that."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.cli.demo.app import App
from services.cli.demo.script import Script, summary


def read_the_text(script: Script, app: App, recipient: str, purposes: list[str]) -> None:
    """Show the text, then try to consent to another one."""
    until = datetime.now(UTC) + timedelta(days=90)
    shown = app.consent_text(recipient, purposes, until)
    said = shown["text"] if shown.ok else ""
    script.expect(
        "授权前展示文本：接收方、目的、信息种类、期限与撤回方式",
        "Before consent the text is shown: recipient, purposes, categories, end, how to withdraw",
        held=all(word in said for word in ("杭州", "出行", "信用等级", "撤回")),
        seen=f"{shown['version']}, {shown['digest'][:16]}" if shown.ok else summary(shown),
    )
    other = {
        "recipient": recipient,
        "purposes": purposes,
        "text_version": shown["version"] if shown.ok else "none",
        "text_digest": "0" * 64,
        "until": until.isoformat(),
    }
    script.refused(
        "所展示的文本与授权内容不一致：拒绝",
        "Consent to a text that differs from what home would show is refused",
        app.home.put(f"/v1/consents/{uuid4()}", other),
        "consent_text_differs",
    )
