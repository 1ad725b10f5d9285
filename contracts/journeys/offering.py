"""An operator signs in, registers a scenario and submits an incentive; the city accepts it."""

from typing import Final

from contracts.journeys.step import Step
from contracts.problems import Text

OFFERING: Final = (
    Step(
        operation_id="issue_token",
        says=Text("An operator signs in.", "运营方获取访问令牌。"),
        body={
            "grant_type": "client_credentials",
            "client_id": "$CLIENT_ID",
            "client_secret": "$CLIENT_SECRET",
        },
        keeps={"OPERATOR_TOKEN": "access_token"},
    ),
    Step(
        operation_id="register_scenario",
        says=Text("It registers a scenario.", "登记信用场景。"),
        bearer="OPERATOR_TOKEN",
        path={"scenario_id": "SCENARIO_ID"},
        body={
            "name": "公共自行车",
            "name_en": "Public bicycles",
            "category": "transport",
            "kind": "incentive",
        },
    ),
    Step(
        operation_id="publish_incentive",
        says=Text("It submits an incentive.", "提交激励措施。"),
        bearer="OPERATOR_TOKEN",
        path={"incentive_id": "INCENTIVE_ID"},
        body={
            "scenario_id": "$SCENARIO_ID",
            "title": "公共自行车骑行券",
            "title_en": "A voucher for public bicycles",
            "benefit": {"type": "voucher", "face_fen": 200},
            "minimum_tier": 3,
            "per_holder": {"count": 30, "period": "month"},
            "budget_fen": 1_000_000,
            "on_withdrawal": "revoke_open",
        },
        keeps={"VERSION": "version"},
    ),
    Step(
        operation_id="review_incentive",
        says=Text("The city accepts it.", "市信用主管部门审核通过。"),
        bearer="ADMINISTRATOR_TOKEN",
        path={"incentive_id": "INCENTIVE_ID", "version": "VERSION"},
        body={"outcome": "accepted"},
    ),
)
