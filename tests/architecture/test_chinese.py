"""What commands say to people is there in Chinese as well (ADR 0049)."""

import ast
import re

import pytest

from huxin_client.shell.headings import CHINESE as CHINESE_HEADINGS
from tests.architecture.sources import modules, name_of, tree_of

SPEAKING = modules("huxin_client/shell", "services/cli")
IN_BOTH_AT_ONCE = (
    "services/cli/demo/",  # a story shown in both languages side by side
    "services/cli/settings_file.py",  # so is a settings file
    "services/cli/reasons/",  # where each English text stands before its Chinese
    "services/cli/process.py",  # a reason why settings are wrong, as of any service's
)
PAIRS = {"spoken", "Text", "Said"}
HELP = {"help", "epilog", "short_help"}
SAYS = {
    *("say", "print_line", "note", "print", "echo", "prompt", "confirm", "ask_secret"),
    *("Table", "Column", "add_column", "right", "warning", "wrong", "until"),
    *("ValueError", "OSError", "FileExistsError", "FileNotFoundError", "BadParameter"),
}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:.]? +[A-Za-z]{2,}")
WORD = re.compile(r"[A-Za-z]{2,}")
THE_SAME = {  # in either language: what one types, reads in JSON, and a name before an error
    "will be as in the file",
    "as in the file",
    "huxin: ",
    "huxin up --settings ",
    "huxin scenarios import",
    "sha256 ",
}
OVER_HTTP = {"more than ", "Cut short."}  # answers to callers, not to whoever runs the command


def without_chinese(node, *, said=False):
    """Yield `(line, text)` of what is said in English alone."""
    match node:
        case ast.Constant(value=str() as text):
            if is_english(text, said=said):
                yield node.lineno, text
        case ast.Expr(value=ast.Constant()):
            return  # a docstring
        case ast.JoinedStr() if CHINESE.search(literal(node)):
            return  # in both languages at once
        case _:
            for part, is_said in parts(node, said=said):
                yield from without_chinese(part, said=is_said)


def is_english(text, *, said):
    if CHINESE.search(text) or text in THE_SAME | OVER_HTTP:
        return False
    return bool(SENTENCE.search(text) or (said and WORD.search(text)))


def parts(node, *, said):
    """Yield what is inside, and whether it is said when the whole is."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            yield node.func, False
            yield from ((each, name in SAYS) for each in node.args if name not in PAIRS)
            yield from ((each.value, each.arg in HELP) for each in node.keywords)
        case ast.IfExp():
            yield from ((node.test, False), (node.body, said), (node.orelse, said))
        case ast.FormattedValue():
            yield node.value, said
        case ast.JoinedStr() | ast.BinOp() | ast.BoolOp():
            yield from ((each, said) for each in ast.iter_child_nodes(node))
        case _:
            yield from ((each, False) for each in ast.iter_child_nodes(node))


def pairs(tree):
    """Yield both texts of each pair that stands there to the letter."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[en, zh]) if name in PAIRS:
                if all(isinstance(each, ast.Constant | ast.JoinedStr) for each in (en, zh)):
                    yield en, zh


def literal(node):
    """Return what stands there to the letter, without what is filled in."""
    parts = [each for each in ast.walk(node) if isinstance(each, ast.Constant)]
    return "".join(each.value for each in parts if isinstance(each.value, str))


def filled_in(node):
    calls = {each.func for each in ast.walk(node) if isinstance(each, ast.Call)}
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and each not in calls}


def test_no_text_is_left_without_chinese():
    left = [
        f"{name_of(path)}:{line}: {text}"
        for path in SPEAKING
        if not name_of(path).startswith(IN_BOTH_AT_ONCE)
        for line, text in without_chinese(tree_of(path))
    ]

    assert not left, "say it by spoken(en, zh)"


def test_each_of_two_texts_is_in_its_language_and_says_the_same():
    pairs_found = [(path, *pair) for path in SPEAKING for pair in pairs(tree_of(path))]
    wrong = [
        f"{name_of(path)}:{zh.lineno}: {ast.unparse(zh)}"
        for path, en, zh in pairs_found
        if CHINESE.search(literal(en))
        or (WORD.search(literal(en)) and not CHINESE.search(literal(zh)))
        or filled_in(en) != filled_in(zh)
    ]

    assert len(pairs_found) > 100
    assert not wrong


def test_every_column_of_a_list_has_a_chinese_heading():
    named = [column for path in SPEAKING for column in columns(tree_of(path))]

    assert len(named) > 30
    assert not set(named) - CHINESE_HEADINGS.keys()


def columns(tree):
    """Yield the columns of every list that a module tells."""
    kept = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Tuple() as value):
                kept[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Tuple() as value):
                kept[name] = value
            case ast.Call(func=ast.Name(id="tell_all"), args=[_, ast.Name(id=name)]):
                yield from ast.literal_eval(kept[name])
            case ast.Call(func=ast.Name(id="tell_all"), args=[_, ast.Tuple() as value]):
                yield from ast.literal_eval(value)


@pytest.mark.parametrize(
    "line",
    [
        "say('nothing was found')",
        "say(f'{count} deliveries')",
        "out.print('done' if found else '')",
        "Table('id')",
        "raise ValueError(f'{name} is no name')",
        "told = 'it is over'",
        "typer.Option(help='A file.')",
    ],
)
def test_a_text_without_chinese_is_found(line):
    assert list(without_chinese(ast.parse(line)))
