"""What went wrong, said by RFC 9457, and the catalogue of all that can."""

from dataclasses import dataclass

from contracts.fields import Positive, Reason, Title


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """One field, by its path in the request, and what is wrong with it."""

    field: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Problem:
    """An error (RFC 9457); `code` is the stable machine word, texts follow Accept-Language."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    next_step: str
    errors: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProblemKind:
    """What one code means, whatever the request."""

    type: str
    code: Reason
    status: Positive
    title: Title
    title_en: Title
    next_step: Title
    next_step_en: Title


@dataclass(frozen=True, kw_only=True)
class ProblemKinds:
    """Every code, in order."""

    problems: tuple[ProblemKind, ...]
