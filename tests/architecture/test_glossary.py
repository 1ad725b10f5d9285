"""Domain classes are named with the words of docs/glossary.md."""

import ast
import re

import pytest

from tests.architecture.sources import ROOT, modules, name_of, tree_of

GLOSSARY = ROOT / "docs/glossary.md"
# Technical words of the standards the domain speaks, and the verbs and links of a name.
GRAMMAR = {
    "all",
    "corrected",
    "disclosed",
    "disputed",
    "drawn",
    "entry",
    "for",
    "jws",
    "jwt",
    "not",
    "older",
    "reading",
    "record",
    "repaired",
    "revoked",
    "sd",
    "signature",
    "signer",
    "source",
    "than",
    "token",
    "verified",
    "version",
    "versioned",
    "visible",
}
CAMEL = re.compile(r"[A-Z][a-z]*|[A-Z]+(?![a-z])")


def glossary_words():
    """Return every word of the first column, in singular."""
    rows = re.findall(r"^\| ([a-z][a-z ]*) \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    return {singular(word) for row in rows for word in row.split()}


def singular(word):
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("uses", "ches")):
        return word[:-2]
    return word if len(word) <= 3 or word.endswith(("is", "ss", "us")) else word.removesuffix("s")


def words_of(class_name):
    return [singular(word.lower()) for word in CAMEL.findall(class_name)]


def unknown_words(class_name, known):
    return [word for word in words_of(class_name) if word not in known]


def domain_classes():
    for path in modules("services"):
        if "domain" in path.parts:
            for node in tree_of(path).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    yield path, node.name


def test_every_domain_class_is_named_with_words_of_the_glossary():
    known = glossary_words() | GRAMMAR

    strange = {
        f"{name_of(path)}: {name}": found
        for path, name in domain_classes()
        if (found := unknown_words(name, known))
    }

    assert not strange, "use a word of docs/glossary.md, or agree on a new one there"


def test_no_word_is_grammar_that_no_domain_class_needs():
    used = {word for _, name in domain_classes() for word in words_of(name)}

    assert not GRAMMAR - used, "no class is named so"
    assert not GRAMMAR & glossary_words(), "the glossary has it"


@pytest.mark.parametrize("name", ["GrantManager", "UserAccount"])
def test_a_strange_word_is_noticed(name):
    assert unknown_words(name, glossary_words())


def test_a_word_stands_in_the_glossary_once():
    rows = re.findall(r"^\| ([a-z][a-z ]*) \|", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)

    assert len(set(rows)) == len(rows)
