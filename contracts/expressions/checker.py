"""Whether an expression can be taken: read by CEL's grammar, and typed while it is read.

The grammar is CEL's (cel-spec, doc/langdef.md) without what could cost or fail in ways of its own:
macros, maps, messages, doubles, indexing, regular expressions and conversions.  So every expression
costs at most as many steps as it has words (ADR 0031).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from contracts.expressions.tokens import Token, tokens_of

DEEPEST: Final = 24  # brackets, choices and signs within each other

INT: Final = "int"
STRING: Final = "string"
BOOL: Final = "bool"
LIST: Final = "list"  # an empty list, whose parts may be anything
INTS: Final = "list(int)"
STRINGS: Final = "list(string)"

_LISTS: Final = {INT: INTS, STRING: STRINGS}
_BINARY: Final = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"==", "!=", "<", "<=", ">", ">=", "in"}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)
_TESTS: Final = frozenset({"startsWith", "endsWith", "contains"})
_MACROS: Final = frozenset({"has", "all", "exists", "exists_one", "map", "filter"})


@dataclass(frozen=True)
class _Typed:
    """A part of an expression: its type, and the word it begins with."""

    type: str
    token: Token


def check(source: str, variables: Mapping[str, str]) -> None:
    """Raise ExpressionError unless the expression is true or false for all such variables."""
    reader = _Reader(source, variables)
    whole = reader.choice()
    if reader.next.kind != "end":
        raise reader.next.error(f"Unexpected {reader.next}.")
    if whole.type != BOOL:
        raise whole.token.error(f"The whole has to be true or false; this is {_a(whole.type)}.")


class _Reader:
    """Reads one expression from left to right, by recursive descent."""

    def __init__(self, source: str, variables: Mapping[str, str]) -> None:
        self._tokens, self._variables = tokens_of(source), variables
        self._depth = 0
        self.next = next(self._tokens)

    def choice(self) -> _Typed:
        """Read `condition ? one : other`, or less."""
        self._enter()
        asked = self._binary(0)
        if self._skip("?"):
            if asked.type != BOOL:
                raise asked.token.error(f"What is asked before ? is {_a(asked.type)}, not a bool.")
            one = self.choice()
            self._expect(":")
            other = self.choice()
            if one.type != other.type:
                raise other.token.error(
                    f"Both outcomes of ? have to be alike: {_a(one.type)} and {_a(other.type)}."
                )
            asked = _Typed(one.type, asked.token)
        self._depth -= 1
        return asked

    def _binary(self, level: int) -> _Typed:
        if level == len(_BINARY):
            return self._unary()
        left = self._binary(level + 1)
        while self.next.text in _BINARY[level] and self.next.kind in ("sign", "name"):
            sign = self._take()
            right = self._binary(level + 1)
            left = _Typed(_combined(sign, left, right), left.token)
        return left

    def _unary(self) -> _Typed:
        for text, type_ in (("!", BOOL), ("-", INT)):
            if self.next.text == text and self.next.kind == "sign":
                sign = self._take()
                self._enter()
                part = self._unary()
                self._depth -= 1
                if part.type != type_:
                    raise sign.error(f"{text} needs {_a(type_)}; this is {_a(part.type)}.")
                return _Typed(type_, sign)
        return self._member()

    def _member(self) -> _Typed:
        part = self._primary()
        while self._skip("."):
            name = self._take()
            if name.kind != "name" or self.next.text != "(":
                raise name.error(f"No field {name} is known; texts have {_listed(_TESTS)}, size.")
            _known_method(name)
            part = _Typed(_method(name, part, self._arguments()), part.token)
        if self.next.text == "[" and self.next.kind == "sign":
            raise self.next.error("Lists are asked by `in`, not by place.")
        return part

    def _primary(self) -> _Typed:
        token = self._take()
        if token.kind in (INT, STRING):
            return _Typed(token.kind, token)
        if token.kind == "name":
            return self._named(token)
        if token.text == "(":
            whole = self.choice()
            self._expect(")")
            return _Typed(whole.type, token)
        if token.text == "[":
            return _Typed(_list_of(self._parts("]")), token)
        raise token.error(f"Unexpected {token}.")

    def _named(self, token: Token) -> _Typed:
        if token.text in ("true", "false"):
            return _Typed(BOOL, token)
        if self.next.text == "(":
            if token.text != "size":
                known = "Macros are not known here" if token.text in _MACROS else "Unknown function"
                raise token.error(f"{known}: {token}; there is size.")
            return _Typed(_size(token, self._arguments()), token)
        type_ = self._variables.get(token.text)
        if type_ is None:
            raise token.error(f"Unknown variable {token}; there are {_listed(self._variables)}.")
        return _Typed(type_, token)

    def _arguments(self) -> list[_Typed]:
        self._expect("(")
        return self._parts(")")

    def _parts(self, end: str) -> list[_Typed]:
        parts: list[_Typed] = []
        while not self._skip(end):
            if parts:
                self._expect(",")
            parts.append(self.choice())
        return parts

    def _take(self) -> Token:
        token = self.next
        if token.kind != "end":
            self.next = next(self._tokens)
        return token

    def _skip(self, text: str) -> bool:
        there = self.next.kind == "sign" and self.next.text == text
        if there:
            self._take()
        return there

    def _expect(self, text: str) -> None:
        if not self._skip(text):
            raise self.next.error(f"Expected {text} before {self.next}.")

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.next.error(f"Nested deeper than {DEEPEST}.")


def _combined(sign: Token, left: _Typed, right: _Typed) -> str:
    match sign.text:
        case "||" | "&&":
            _both(BOOL, sign, left, right)
            return BOOL
        case "in":
            if left.type not in _LISTS or right.type not in (LIST, _LISTS[left.type]):
                raise sign.error(f"in needs a list of the same type, not {_pair(left, right)}.")
            return BOOL
        case "==" | "!=":
            _alike(sign, left, right)
            return BOOL
        case "<" | "<=" | ">" | ">=":
            _alike(sign, left, right)
            if left.type not in (INT, STRING):
                raise sign.error(f"{sign} needs two ints or two strings, not {_pair(left, right)}.")
            return BOOL
        case "+" if left.type == right.type == STRING:
            return STRING
    _both(INT, sign, left, right)
    return INT


def _both(type_: str, sign: Token, left: _Typed, right: _Typed) -> None:
    if not left.type == right.type == type_:
        raise sign.error(f"{sign} needs two {type_}s, not {_pair(left, right)}.")


def _alike(sign: Token, left: _Typed, right: _Typed) -> None:
    if left.type != right.type:
        raise sign.error(f"Both sides of {sign} have to be alike, not {_pair(left, right)}.")


def _known_method(name: Token) -> None:
    if name.text not in _TESTS | {"size"}:
        known = "Macros are not known here" if name.text in _MACROS else "Unknown function"
        raise name.error(f"{known}: {name}; texts have {_listed(_TESTS)}, size.")


def _method(name: Token, part: _Typed, arguments: list[_Typed]) -> str:
    if name.text == "size" and not arguments:
        return _size(name, [part])
    if [part.type, *(each.type for each in arguments)] != [STRING, STRING]:
        raise name.error(f"{name} asks one string of another.")
    return BOOL


def _size(name: Token, arguments: list[_Typed]) -> str:
    if len(arguments) != 1 or arguments[0].type in (INT, BOOL):
        raise name.error("size counts one string or one list.")
    return INT


def _list_of(parts: list[_Typed]) -> str:
    if not parts:
        return LIST
    first = parts[0]
    for each in parts:
        if each.type not in _LISTS or each.type != first.type:
            raise each.token.error("A list holds ints only or strings only.")
    return _LISTS[first.type]


def _a(type_: str) -> str:
    return f"an {type_}" if type_.startswith("i") else f"a {type_}"


def _pair(left: _Typed, right: _Typed) -> str:
    return f"{_a(left.type)} and {_a(right.type)}"


def _listed(names: "Mapping[str, str] | frozenset[str]") -> str:
    return ", ".join(sorted(names))
