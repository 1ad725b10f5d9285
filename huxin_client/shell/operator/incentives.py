"""`huxin operator incentives` and what is done with one: its steps and its use."""

from typing import Annotated

import typer

from contracts.http import NoteBody
from contracts.scenarios import IncentiveRecord
from contracts.words import IncentiveState
from huxin_client import pages
from huxin_client.shell.language import spoken
from huxin_client.shell.operator.credentials import DEFAULT, as_operator
from huxin_client.shell.options import AsJson, Note, Profile
from huxin_client.shell.screen import say, tell, tell_all

IncentiveId = Annotated[str, typer.Argument(help="Its id. 激励措施编号。")]
State = Annotated[
    IncentiveState | None, typer.Option("--state", help="Only those. 仅该状态的激励措施。")
]
Version = Annotated[int | None, typer.Option("--version", min=1, help="Not the newest. 指定版本。")]
COLUMNS = ("incentive_id", "version", "state", "version_state", "title", "title_en")
STEPS = ("number", "version", "move", "by", "at", "note")


def list_incentives(
    state: State = None, profile: Profile = DEFAULT, *, as_json: AsJson = False
) -> None:
    """List one's own incentives in every state (列出本机构的激励措施)."""
    with as_operator(profile) as operator:
        listed = pages(operator.list_own_incentives, state=state)
        found = (each for page in listed for each in page.incentives)
        count = tell_all(found, COLUMNS, as_json=as_json)
        if not as_json:
            say(spoken(f"{count} incentives", f"{count} 项激励措施"))


def show(
    incentive_id: IncentiveId,
    version: Version = None,
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Show an incentive's terms and where it stands (查看激励措施)."""
    with as_operator(profile) as operator:
        record = operator.show_own_incentive(incentive_id=incentive_id, version=version)
        tell(record, as_json=as_json)


def moves(
    incentive_id: IncentiveId, profile: Profile = DEFAULT, *, as_json: AsJson = False
) -> None:
    """List who took which step with an incentive, and when (查看激励措施的经办记录)."""
    with as_operator(profile) as operator:
        steps = pages(operator.list_own_moves, incentive_id=incentive_id)
        tell_all((each for page in steps for each in page.moves), STEPS, as_json=as_json)


def release(
    incentive_id: IncentiveId,
    version: Annotated[int, typer.Argument(min=1, help="That was accepted. 已通过审核的版本。")],
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Publish a version that the city has accepted (发布已通过审核的版本)."""
    with as_operator(profile) as operator:
        record = operator.release_incentive(incentive_id=incentive_id, version=version)
        _standing(record, as_json=as_json)


def pause(
    incentive_id: IncentiveId,
    note: Note = "",
    profile: Profile = DEFAULT,
    *,
    as_json: AsJson = False,
) -> None:
    """Give no more grants for now; open ones stay (暂停发放)."""
    with as_operator(profile) as operator:
        record = operator.pause_own_incentive(NoteBody(note=note), incentive_id=incentive_id)
        _standing(record, as_json=as_json)


def resume(
    incentive_id: IncentiveId, profile: Profile = DEFAULT, *, as_json: AsJson = False
) -> None:
    """Give grants again (恢复发放)."""
    with as_operator(profile) as operator:
        _standing(operator.resume_own_incentive(incentive_id=incentive_id), as_json=as_json)


def withdraw(
    incentive_id: IncentiveId,
    note: Note = "",
    profile: Profile = DEFAULT,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask. 不再询问。")] = False,
    as_json: AsJson = False,
) -> None:
    """End an incentive for good; open grants end as its terms say (终止激励措施)."""
    if not yes:
        question = spoken(f"withdraw {incentive_id} for good?", f"确认终止 {incentive_id}？")
        typer.confirm(question, abort=True, err=True)
    with as_operator(profile) as operator:
        record = operator.withdraw_own_incentive(NoteBody(note=note), incentive_id=incentive_id)
        _standing(record, as_json=as_json)


def usage(
    incentive_id: IncentiveId, profile: Profile = DEFAULT, *, as_json: AsJson = False
) -> None:
    """Show what an incentive gave, and what is left of quotas and budget (查看发放与剩余名额)."""
    with as_operator(profile) as operator:
        tell(operator.measure_incentive(incentive_id=incentive_id), as_json=as_json)


def _standing(record: IncentiveRecord, *, as_json: bool) -> None:
    if as_json:
        tell(record, as_json=True)
    else:
        version = spoken(f"version {record.version}", f"版本 {record.version}")
        say(f"{record.incentive_id} {version}: {record.state}")
