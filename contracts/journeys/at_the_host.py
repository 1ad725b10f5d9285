"""A holder is recognised at a host, sees what there is, takes it, and uses it."""

from typing import Final

from contracts.journeys.step import Step
from contracts.problems import Text

AT_THE_HOST: Final = (
    Step(
        operation_id="open_challenge",
        says=Text("The app asks for what it has to sign.", "应用获取待签名的随机数。"),
    ),
    Step(
        operation_id="recognise_attestation",
        says=Text(
            "It signs a challenge and is recognised; huxin_client does both.",
            "应用签名并获得互认（由 huxin_client 完成）。",
        ),
        program="""\
import json, os
from pathlib import Path
from joserfc.jwk import ECKey
from huxin_client import Holder, HolderKey

key = ECKey.import_key(json.loads(Path(os.environ["HOLDER_KEY_FILE"]).read_text()))
with Holder(os.environ["HOST_GATEWAY"]) as holder:
    answer = holder.enter(HolderKey(key), os.environ["CREDENTIAL"])
print(json.dumps({"session": {"token": answer.session.token}}))""",
        keeps={"SESSION_TOKEN": "session.token"},
    ),
    Step(
        operation_id="show_eligibility",
        says=Text("The holder sees what may be taken.", "持有人查看可领取的权益。"),
        bearer="SESSION_TOKEN",
    ),
    Step(
        operation_id="issue_grant",
        says=Text("The holder takes it.", "持有人领取权益。"),
        bearer="SESSION_TOKEN",
        path={"grant_id": "GRANT_ID"},
        body={"incentive_id": "$INCENTIVE_ID"},
        keeps={"PASS_TOKEN": "pass_token"},
    ),
    Step(
        operation_id="redeem_pass",
        says=Text("The operator's till redeems it.", "运营方核销。"),
        bearer="OPERATOR_TOKEN",
        path={"redemption_id": "REDEMPTION_ID"},
        body={"pass_token": "$PASS_TOKEN"},
    ),
)
