"""Examples of messages, built from their declarations; the same on every run."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts import wire
from contracts.exchange import SetError
from contracts.problems import PROBLEMS
from contracts.words import CityState, DocumentType, GrantState

AT: Final = datetime(2026, 11, 5, 2, 0, tzinfo=UTC)
LATER: Final = datetime(2026, 12, 5, 2, 0, tzinfo=UTC)

_BY_NAME: Final[dict[str, Any]] = {
    "audience": "https://hangzhou.example",
    "budget_fen": None,  # for benefits that cost money
    "client_id": "city-bikes",
    "client_secret": "1lVWmEoRmF6rK8yXoVYw0n3Rz0Qm2v4c",
    "crosswalk": 1,
    "digest": "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
    "expires_in": 600,
    "grant_type": "client_credentials",
    "holder_issued": 1,
    "holder_period": "2026-11",
    "home": "330400",
    "incentive_id": "free-half-hour",
    "incentive_version": 1,
    "item_id": "wage-arrears-list",
    "name": "杭州",
    "name_en": "Hangzhou",
    "operator_id": "city-bikes",
    "quota_period": "2026-11",
    "roster": 7,
    "scenario_id": "public-bicycles",
    "scenario_name": "公共自行车",
    "scenario_name_en": "Public bicycles",
    "scope": "redemptions",
    "table": "alliance",
    "text_version": "2026-1",
    "title_en": "Half an hour more on a public bicycle",
    "token_type": "Bearer",
    "version": 1,
}
_BY_FIELD: Final[dict[tuple[str, str], Any]] = {
    ("ConsentText", "version"): "2026-1",
    ("ConsentTextAnswer", "version"): "2026-1",
    ("ConsentTextAnswer", "language"): "zh",
    ("GrantEnded", "state"): GrantState.REVOKED,
    ("MemberCity", "state"): CityState.ONLINE,
    ("PollAnswer", "sets"): {"4d3559ec-67f5-4d8e-a6b2-97d6b6b3bb3e": "eyJhbGciOiJFZERTQSJ9"},
    ("PollBody", "ack"): ("5c1b8e0e-0d3e-4a4f-8d4a-1f2f3f4f5f6f",),
    ("PollBody", "maxEvents"): 100,
    ("PollBody", "returnImmediately"): True,
    ("PollBody", "setErrs"): {
        "7e6a1c9e-5b7d-4c57-9a52-0d6b1c1f2a11": SetError(
            err="invalid_request", description="Not a token."
        )
    },
    ("Hours", "until"): "22:00",
    ("Membership", "state"): CityState.ONLINE,
    ("EffectiveDocument", "first_day"): None,
    ("EffectiveDocument", "issuer"): "杭州市人力资源和社会保障局",
    ("EffectiveDocument", "last_day"): None,
    ("EffectiveDocument", "number"): "杭人社列〔2026〕17号",
    ("EffectiveDocument", "type"): DocumentType.LIST_DECISION,
    ("EvidenceItemBody", "name"): "拖欠农民工工资失信联合惩戒对象名单",
    ("EvidenceItemBody", "name_en"): "List of employers who withhold wages",
    ("EvidenceItemRecord", "name"): "拖欠农民工工资失信联合惩戒对象名单",
    ("EvidenceItemRecord", "name_en"): "List of employers who withhold wages",
    ("LegalBasis", "article"): "第五条",
    ("LegalBasis", "in_force_from"): date(2022, 1, 1),
    ("LegalBasis", "in_force_until"): None,
    ("LegalBasis", "title"): "拖欠农民工工资失信联合惩戒对象名单管理暂行办法",
    ("PublishEvidenceItem", "name"): "拖欠农民工工资失信联合惩戒对象名单",
    ("PublishEvidenceItem", "name_en"): "List of employers who withhold wages",
    ("FieldProblem", "field"): "per_holder.count",
    ("FieldProblem", "message"): "Not a valid integer.",
    ("Quota", "fen"): None,  # for benefits that cost money
    ("Problem", "code"): "malformed",
    ("Problem", "detail"): "",
    ("Problem", "next_step"): PROBLEMS["malformed"].next_step.en,
    ("Problem", "status"): PROBLEMS["malformed"].status,
    ("Problem", "title"): PROBLEMS["malformed"].title.en,
    ("Problem", "type"): "about:blank",
    ("TokenRefusal", "error"): "invalid_client",
    ("TokenRefusal", "error_description"): "The client is not known or the secret is wrong.",
    ("PartHealth", "part"): "bus",
    ("PartHealth", "reason"): "",
}


def identifier(name: str) -> UUID:
    """Return the id that stands for `name` in every example."""
    return uuid5(NAMESPACE_URL, f"urn:huxin:example:{name}")


def example_of(message: type, choice: type | None = None) -> Any:
    """Build an example; `choice` picks the member of a tagged union (its first by default)."""
    hints = get_type_hints(message, include_extras=True)
    values = {
        field.name: _BY_FIELD[key]
        if (key := (message.__name__, field.name)) in _BY_FIELD
        else _value(field.name, hints[field.name], choice)
        for field in fields(message)
    }
    return message(**values)


def choices_of(message: type) -> tuple[type, ...]:
    """Return the members of the tagged union that a message holds, if it holds one."""
    for hint in get_type_hints(message, include_extras=True).values():
        members = _members(hint)
        if len(members) > 1:
            return members
    return ()


def specimens() -> Iterator[tuple[str, Any]]:
    """Yield `(name, message)` for every registered message, once per member of a tagged union."""
    for contract in wire.catalogue():
        choices = choices_of(contract.message)
        if not choices:
            yield contract.name, example_of(contract.message)
        for choice in choices:
            tag: str = choice.TYPE  # type: ignore[attr-defined]  # every member of a tagged union has a TYPE, checked by the contract tests
            yield f"{contract.name}.{tag}", example_of(contract.message, choice)


def envelope_of(message: Any) -> dict[str, Any]:
    """Put an example into an envelope with a fixed id and moment."""
    name = wire.contract_of(type(message)).name
    return wire.encode(message, at=AT, id=identifier(name), cause=identifier("cause"))


def sent_of(message: Any) -> dict[str, Any]:
    """Show an example as the bus carries it: nameko wraps commands and replies."""
    envelope = envelope_of(message)
    match wire.contract_of(type(message)).kind:
        case wire.Kind.COMMAND:
            return {"args": [envelope], "kwargs": {}}
        case wire.Kind.REPLY:
            return {"result": envelope["body"], "error": None}
        case wire.Kind.EVENT:
            return envelope


def _members(hint: Any) -> tuple[Any, ...]:
    members = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return tuple(member for member in members if member is not NoneType)


def _value(name: str, hint: Any, choice: Any) -> Any:  # noqa: PLR0911  one line per kind of type
    members = _members(hint)
    chosen: Any = choice if choice in members else members[0]
    if name in _BY_NAME:
        return _BY_NAME[name]
    if get_origin(chosen) is tuple:
        return (_value(name, get_args(chosen)[0], choice),)
    if get_origin(chosen) is dict:
        return {}
    if get_origin(chosen) is Annotated:
        return _annotated(name, *get_args(chosen))
    if is_dataclass(chosen):
        return example_of(chosen, choice)  # type: ignore[arg-type]  # is_dataclass narrows to instance or class; hints are classes
    if issubclass(chosen, StrEnum):
        return next(iter(chosen))
    return {bool: False, int: 1, str: name}[chosen]


def _annotated(name: str, kind: type, declared: Any) -> Any:
    if kind is UUID:
        return identifier(name)
    if kind is datetime:
        return LATER if name.endswith("until") else AT
    return declared.deserialize(declared.metadata["examples"][0])
