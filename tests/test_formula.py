"""The formula language: what is read and how it binds, what is refused and where, and that no text does harm."""

from __future__ import annotations

import ast
import keyword
import random
import threading

import pytest

from scorecard.compute.formula import (
    MAX_LENGTH,
    MAX_NESTING,
    RESERVED,
    Formula,
    FormulaError,
    Name,
    Node,
    Number,
    Operation,
    parse,
)

_PYTHON_SIGNS: dict[type, str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


def shape(node: Node) -> str:
    """A tree as nested lists, every sum and product of two parts."""
    if isinstance(node, Number):
        return repr(node.value)
    if isinstance(node, Name):
        return node.id
    parts = [shape(part) for part in node.parts]
    if node.name in ("sum", "product"):
        left = parts[0]
        for sign, right in zip(node.signs, parts[1:], strict=True):
            left = f"({sign} {left} {right})"
        return left
    if node.name == "if":
        whole = parts[-1]
        for at in range(len(parts) - 3, -1, -2):
            whole = f"(if {parts[at]} {parts[at + 1]} {whole})"
        return whole
    head = {"power": "**", "minus": "minus", "compare": f"compare {' '.join(node.signs)}"}.get(node.name, node.name)
    if node.n:
        parts.append(str(node.n))
    return f"({head} {' '.join(parts)})"


def python_shape(text: str) -> str:
    """The same lists from Python's own parser."""

    def walk(node: ast.AST) -> str:
        match node:
            case ast.Constant():
                return repr(float(node.value))
            case ast.Name():
                return node.id
            case ast.BinOp():
                return f"({_PYTHON_SIGNS[type(node.op)]} {walk(node.left)} {walk(node.right)})"
            case ast.UnaryOp():
                return f"({'not' if isinstance(node.op, ast.Not) else 'minus'} {walk(node.operand)})"
            case ast.BoolOp():
                return f"({'and' if isinstance(node.op, ast.And) else 'or'} {' '.join(map(walk, node.values))})"
            case ast.Compare():
                signs = " ".join(_PYTHON_SIGNS[type(op)] for op in node.ops)
                return f"(compare {signs} {' '.join(map(walk, [node.left, *node.comparators]))})"
            case ast.IfExp():
                return f"(if {walk(node.test)} {walk(node.body)} {walk(node.orelse)})"
            case ast.Call(func=ast.Name(id=name)) if name in ("prev", "rolling_sum", "round") and len(node.args) == 2:
                digits = ast.literal_eval(node.args[1])
                return f"({name} {walk(node.args[0])}{f' {digits}' if digits else ''})"
            case ast.Call(func=ast.Name(id=name)):
                return f"({name} {' '.join(map(walk, node.args))}{' 1' if name == 'prev' else ''})"
        raise AssertionError(ast.dump(node))

    return walk(ast.parse(f"({text}\n)", mode="eval").body)


def refusal(text: str) -> FormulaError:
    with pytest.raises(FormulaError) as caught:
        parse(text)
    assert 1 <= caught.value.column <= len(text) + 1
    return caught.value


@pytest.mark.parametrize(
    "text",
    [
        "-a ** 2", "2 ** -1", "2 ** -a ** b", "2 ** 3 ** 2 / 512", "a**b", "-(-a)", "a - -b", "a<-b",
        "a - b - c", "a - (b - c)", "a / b * c / (a * b)", "1_000 + .5 + 1. + 4e4 + 1E-2 + 0 + 00", "a\n + b\t\r\n",
        "not a == b", "1 < a < 11 != b", "(a < b) < c", "a or b and not c", "not not a < b", "(a and b) and c",
        "a if b else c if a else b", "a if b or c else c and a", "(a if b else c) + 1", "(a if b else c) if c else b",
        "min(a, -b, c)", "round(a, -2) + round(b)", "prev(a + b) - prev(a, 3)",
    ],
)  # fmt: skip
def test_operators_bind_as_in_python(text: str) -> None:
    assert shape(parse(text).root) == python_shape(text)


def test_words_of_python_are_ordinary_ids() -> None:
    formula = parse("class + lambda / (in - none) if is else e9 * class")
    assert formula.names == (("class", 1), ("lambda", 9), ("in", 19), ("none", 24), ("is", 33), ("e9", 41))


def test_names_are_listed_once_in_order_of_use() -> None:
    assert parse("b / (a + b) if c else prev(d)").names == (("b", 1), ("a", 6), ("c", 16), ("d", 28))


def test_every_word_of_the_language_is_reserved() -> None:
    words = "if else and or not min max abs sqrt exp log round clamp prev change growth rolling_mean rolling_sum ytd"
    assert set(words.split()) == RESERVED
    for word in RESERVED:
        refusal(f"{word} + 1")


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("a / b", 0), ("prev(a)", 1), ("change(a, 3) + prev(b, 2)", 3), ("growth(a, 12)", 12), ("ytd(a)", 11),
        ("rolling_sum(a, 3)", 2), ("rolling_mean(a, 1)", 0), ("max(prev(a), ytd(a))", 11),
        ("prev(ytd(rolling_sum(a, 3)), 2) + prev(b, 14)", 15),
    ],
)  # fmt: skip
def test_lookback_adds_up_nested_functions(text: str, periods: int) -> None:
    assert parse(text).lookback(12) == periods


def test_formulas_of_one_text_are_equal() -> None:
    assert parse("a / b") == parse("a / b")
    assert hash(parse("a / b")) == hash(parse("a / b"))
    assert parse("a / b") != parse("a / c")


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("", 1, "the formula is empty", "write an expression"),
        ("a +", 4, "a number or an id is missing at the end", "complete"),
        ("+a", 1, "a number or an id is missing before '+'", "leave out the +"),
        ("a == not b", 6, "a number or an id is missing before 'not'", "put parentheses around the not"),
        ("a b", 3, "an operator is missing before 'b'", "write an operator"),
        ("a AND b", 3, "an operator is missing before 'AND'", "write and"),
        ("2a", 1, "'2a' is not a number", "* between a number and an id"),
        ("1.2.3", 1, "'1.2.3' is not a number", "0.5"),
        ("a + 1e999", 5, "'1e999' is too large for a number", "1e308"),
        ("007", 1, "'007' begins with a zero", "leave out"),
        ("a * 12.5%", 9, "'%' is not part of the formula language", "write 0.125 for 12.5%"),
        ("a ^ 2", 3, "'^' is not part of the formula language", "write **"),
        ("= a / b", 1, "a formula does not begin with '='", "leave it out"),
        ("a = b", 3, "'=' is not part of the formula language", "write =="),
        ("round(a, digits=2)", 16, "'=' is not part of the formula language", "arguments have no names"),
        ("'a' * 3", 1, "''' is not part of the formula language", "no text"),
        ("a[1]", 2, "'[' is not part of the formula language", "prev(x, n)"),
        ("a.real", 2, "'.' is not part of the formula language", "an id is small letters"),
        ("lambda: 1", 7, "':' is not part of the formula language", "x if c else y"),
        ("a \u202e b", 3, "'\\u202e' is not part of the formula language", "write numbers"),
        ("Sales / leads", 1, "'Sales' is not an id", "small letters"),
        ("total(a)", 1, "there is no function 'total'", "there are min, max"),
        ("IF + 1", 1, "'IF' is not an id", "write if"),
        ("a" * 65, 1, "'aaaaaaaaaa", "at most 64"),
        ("max / 2", 1, "'max' is a function", "write max(x, y)"),
        ("1 + rolling_avg(a, 3)", 5, "there is no function 'rolling_avg'", "did you mean rolling_mean?"),
        ("clamp(a, 1)", 1, "clamp takes 3 arguments, not 2", "write clamp(x, low, high)"),
        ("prev(a, 1, 2)", 1, "prev takes 1 or 2 arguments, not 3", "write prev(x, n)"),
        ("prev(a, 0)", 9, "n of prev must be a whole number from 1 to 10,000", "prev(x, 3)"),
        ("prev(a, b)", 9, "n of prev must be a whole number", "write the number out"),
        ("rolling_sum(a, 10_001)", 16, "n of rolling_sum must be a whole number from 1 to 10,000", "write"),
        ("round(a, 16)", 10, "the digits of round must be a whole number from -15 to 15", "round(x, 3)"),
        ("(a, b)", 3, "',' stands outside of a function", "1.5"),
        ("1,5 * a", 2, "',' stands outside of a function", "1.5"),
        ("2 * (a", 7, "')' is missing", "close the '(' of column 5"),
        ("a)", 2, "')' has no '(' before it", "remove it"),
        ("(a if b)", 8, "'else' is missing", "x if c else y"),
        ("a else b", 3, "'else' has no 'if' before it", "x if c else y"),
    ],
)
def test_what_is_refused_names_column_fault_and_remedy(text: str, column: int, message: str, hint: str) -> None:
    error = refusal(text)
    assert error.column == column
    assert error.message.startswith(message)
    assert hint in error.hint
    assert len(error.message) <= 120


def test_a_formula_may_be_long_but_not_longer() -> None:
    longest = "1" + "+1" * ((MAX_LENGTH - 1) // 2)
    assert isinstance(parse(longest.ljust(MAX_LENGTH)), Formula)
    error = refusal(longest.ljust(MAX_LENGTH + 1))
    assert error.column == MAX_LENGTH + 1
    assert "1,001 characters" in error.message


@pytest.mark.parametrize("chain", ["+", "-", "*", "/", "<", "==", " and ", " or "])
def test_a_flat_chain_is_no_nesting(chain: str) -> None:
    count = min(400, (MAX_LENGTH + len(chain)) // (1 + len(chain)))
    root = parse(chain.join(["a"] * count)).root
    assert isinstance(root, Operation)
    assert len(root.parts) == count
    choices = parse(" if a else ".join(["1"] * 80)).root
    assert isinstance(choices, Operation)
    assert len(choices.parts) == 159


NESTED = [("(", ")"), ("abs(", ")"), ("-", ""), ("not ", ""), ("2**", ""), ("(1+", ")"), ("1 if 0 else (", ")")]


@pytest.mark.parametrize(("before", "after"), NESTED)
def test_nesting_is_counted(before: str, after: str) -> None:
    parse(before * MAX_NESTING + "a" + after * MAX_NESTING)
    deeper = before * (MAX_NESTING + 1) + "a" + after * (MAX_NESTING + 1)
    error = refusal(deeper)
    assert error.message == "the formula is nested deeper than 64 levels"
    assert len(before) * MAX_NESTING < error.column <= len(before) * (MAX_NESTING + 1) + 1


def test_hostile_texts_are_refused_in_a_thread_with_a_small_stack() -> None:
    pieces = ("(", "abs(", "-", "not ", "2**", "a if ", "a if b else ", "a or a and a<a+a*(")
    deep = [piece * (MAX_LENGTH // len(piece)) for piece in pieces]
    kinds: list[str] = []

    def run() -> None:
        for text in deep:
            try:
                parse(text)
            except FormulaError as error:
                kinds.append(error.message.split()[-1])
        hash(parse("a or a and a<a+a*(" * 52 + "a" + ")" * 52))

    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert kinds == ["levels"] * 5 + ["missing", "end", "end"]


def grow(rng: random.Random, depth: int) -> str:
    """A random formula."""
    if depth == 0 or rng.random() < 0.15:
        return rng.choice(["a", "b", "rate", "0", "7", "2.5", ".5", "1_000", "4e4", "3."])
    one, other, third = (grow(rng, depth - 1) for _ in range(3))
    kind = rng.randrange(12)
    if kind < 5:
        sign = rng.choice(["+", "-", "*", "/", "**", "<", "<=", ">", ">=", "==", "!=", " and ", " or "])
        return f"{one}{rng.choice(['', ' '])}{sign} {other}"
    forms = [
        f"({one})",
        f"-{one}",
        f"not {one}",
        f"{one} if {other} else {third}",
        f"min({one}, {other})",
        rng.choice([f"prev({one})", f"prev({one}, 2)", f"rolling_sum({one}, 3)", f"round({one}, -1)", f"ytd({one})"]),
        f"(({one}) < {other})",
    ]
    return forms[kind - 5]


WORDS = ["else", "if", "not", "and", "max(", "**", "//", "==", "..", "1e", "07", "x.y"]
JUNK = [*WORDS, *"(),%^=.'[:#{Aé\0\u202f"]


def disturb(rng: random.Random, text: str) -> str:
    """The text with a few characters replaced, removed or added."""
    at = rng.randrange(len(text) + 1)
    piece = rng.choice([rng.choice(JUNK), f" {rng.choice(JUNK)} ", ""])
    return text[:at] + piece + text[at + rng.randrange(4) :]


def read(text: str) -> Formula | FormulaError:
    try:
        return parse(text)
    except FormulaError as error:
        return error


def test_random_texts_are_read_as_python_reads_them_or_refused_with_a_column() -> None:
    rng = random.Random(20261)
    counts = {Formula: 0, FormulaError: 0}
    for _ in range(60_000):
        text = grow(rng, rng.randrange(4))
        for _ in range(rng.randrange(3)):
            text = disturb(rng, text)
        result = read(text)
        counts[type(result)] += 1
        if isinstance(result, FormulaError):
            assert 1 <= result.column <= len(text) + 1
            assert result.hint
        elif not any(keyword.iskeyword(name) for name, _ in result.names):
            assert shape(result.root) == python_shape(text), text
            for name, column in result.names:
                assert text.startswith(name, column - 1)
    assert min(counts.values()) > 16_000
