"""Chapters of the story in which something goes wrong: a contested fact, a silent home, a lost key.

Each is a drill of docs/operations.md.
"""

from typing import Any
from uuid import uuid4

from services.cli.demo.app import App, decoded
from services.cli.demo.catalogue import FREE_RIDE, LATE_RETURN
from services.cli.demo.http import Answer
from services.cli.demo.office import Office
from services.cli.demo.script import Script, eventually, summary
from services.cli.demo.visitor import Visitor, taken
from services.cli.demo.world import FUZHOU, HANGZHOU, LINS_FACT, Nodes, World


def contest_a_fact(script: Script, world: World, lin: Visitor) -> None:
    """Lin's score is lower by a fact that Lin contests; it is corrected."""
    script.chapter("六、异议与更正", "6. A dispute, and its correction")
    script.refused(
        "林悦：等级不足，不能免费骑行",
        "Lin's tier is too low for free rides",
        lin.take(FREE_RIDE),
        "tier_below_minimum",
    )
    path = f"/v1/disputes/{uuid4()}"
    body = {
        "fact_id": LINS_FACT,
        "ground": "no_effective_document",
        "statement": "该决定已被撤销。",
    }
    script.succeeds(
        "在福州对一条失信信息提出异议",
        "Lin contests a fact at home; while the dispute is open, it does not count",
        lin.app.home.put(path, body),
    )
    offers, seconds = eventually(
        lambda: lin.door.get("/v1/eligibility"), lambda answer: FREE_RIDE in taken(answer)
    )
    script.expect(
        "福州换发证明并通知杭州：原会话即可享受",
        "Fuzhou issues anew and tells Hangzhou: the same session may take it",
        held=FREE_RIDE in taken(offers),
        seen=f"tier {offers['tier']}, {seconds * 1000:.0f} ms" if offers.ok else summary(offers),
    )
    script.succeeds("林悦领取免费骑行", "Lin takes the free rides", lin.take(FREE_RIDE))
    decision = {"outcome": "corrected", "note": "经核实，原决定已撤销。"}
    world.administrator(FUZHOU).put(f"{path}/decision", decision)
    decided, seconds = eventually(
        lambda: lin.app.home.get(path), lambda answer: bool(answer["converged_at"])
    )
    script.expect(
        "更正生效，杭州确认已办结",
        "The fact is corrected, and Hangzhou confirms that everything follows",
        held=decided["state"] == "corrected" and bool(decided["converged_at"]),
        seen=f"{decided['state']}, {seconds * 1000:.0f} ms" if decided.ok else summary(decided),
    )


def lose_a_home(script: Script, world: World, nodes: Nodes, zhou: Visitor) -> None:
    """Fuzhou is away, then comes back with a new key."""
    script.chapter("九、福州停机与更换密钥", "9. Fuzhou is away, and changes its key")
    nodes.stop(FUZHOU)
    script.succeeds(
        "福州停机：周衡在杭州照常领取",
        "Fuzhou's node is down: Zhou takes what is there to take in Hangzhou",
        zhou.take(LATE_RETURN),
    )
    again = enter(world, zhou.app, zhou.credential)
    script.succeeds(
        "按已缓存的状态列表互认，并记录其时效",
        "Recognised by the status list at hand; the decision says how old it is",
        again,
        f"{again['recognition']['status_age_seconds']} s old" if again.ok else "",
    )

    office, access = Office(world.alliance), world.cities[FUZHOU]
    former = signed_by(zhou.credential)
    kid = office.rotate_attestation_key(FUZHOU, access.keys)
    nodes.start(FUZHOU)
    issued, _seconds = eventually(
        lambda: zhou.app.attestation(HANGZHOU),
        lambda answer: answer.ok and signed_by(answer["credential"]) == kid,
    )
    script.expect(
        "联盟登记新密钥，福州以新密钥签发",
        "The alliance lists a new key; Fuzhou is back and signs by it",
        held=issued.ok and signed_by(issued["credential"]) == kid != former,
        seen=f"{former[:8]}… → {kid[:8]}…" if issued.ok else summary(issued),
    )
    if not issued.ok:
        return
    recognised, seconds = eventually(
        lambda: enter(world, zhou.app, issued["credential"]), lambda answer: answer.ok
    )
    script.succeeds(
        "杭州采用新名册后，新密钥的证明获互认",
        "Recognised by the new key, as soon as Hangzhou goes by the new roster",
        recognised,
        f"{seconds:.1f} s",
    )
    script.succeeds(
        "重叠期内旧密钥的证明仍获互认",
        "What the old key signed is still recognised: both are in use",
        enter(world, zhou.app, zhou.credential),
    )
    office.retire(former)
    refused, _seconds = eventually(
        lambda: enter(world, zhou.app, zhou.credential), lambda answer: not answer.ok
    )
    script.refused(
        "旧密钥作废：所签证明不再可信",
        "The old key is retired: nothing it signed is believed",
        refused,
        "key_not_current",
    )


def enter(world: World, app: App, credential: str) -> Answer:
    return app.enter(world.door(HANGZHOU), credential)


def signed_by(credential: str) -> str:
    """Return the name of the key that signed an attestation."""
    header: dict[str, Any] = decoded(credential.split(".", 1)[0])
    return str(header["kid"])
