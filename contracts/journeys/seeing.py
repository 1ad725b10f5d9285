"""Another city sees how it stands, and everybody the counters."""

from typing import Final

from contracts.journeys.step import Step
from contracts.problems import Text

SEEING: Final = (
    Step(
        operation_id="show_membership",
        says=Text(
            "A partner city sees how it stands; its call is signed (RFC 9421) by huxin_client.",
            "伙伴城市查询自身状态；请求由 huxin_client 按 RFC 9421 签名。",
        ),
        program="""\
import json, os
from pathlib import Path
from joserfc.jwk import import_key
from huxin_client import City

key = import_key(json.loads(Path(os.environ["TRANSPORT_KEY_FILE"]).read_text()))
with City(os.environ["HOST_GATEWAY"], key) as city:
    standing = city.show_membership()
print(json.dumps({"city": standing.city, "state": standing.state}))""",
    ),
    Step(
        operation_id="show_counters",
        says=Text("Everybody sees what the plan has come to.", "公众查看行动计划进展。"),
    ),
)
