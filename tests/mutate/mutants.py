"""The small changes that can be made to a module, each at one place of its text.

A mutant replaces the text of one expression or statement and leaves every other line as it is.
Left out is what tells nothing: annotations, the words of `GUARDS`, an assignment without which the
name would be unknown, a `return False` made a `return None`. Texts are left alone, patterns too.
"""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

GUARDS = frozenset({"frozen", "slots", "strict", "kw_only", "maxsize"})
"""Keywords that stop a programmer's slip or bound a memory, and change no result."""
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
"""The boundary, where there is one, and the opposite."""
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True)
class Site:
    """One expression or statement and what may stand in its place."""

    kind: str
    """The operator: `comparison`, `constant` ..."""
    node: ast.expr | ast.stmt
    choices: tuple[str, ...]
    """Texts, each a mutant."""
    scope: str
    """The function or class around it: `read_page`, `Walk.take`; `` for the module."""
    names: tuple[str, ...]
    """Names that the statement gives a value when the module is imported; none in a function."""
    imported: bool
    """Whether it runs when the module is imported, and in no test."""


@dataclass(frozen=True)
class Mutant:
    """A site with one of its choices."""

    path: str
    """From the root of the project, with slashes."""
    site: Site
    choice: str

    @property
    def first(self) -> int:
        """The first line that changes, from 1."""
        return self.site.node.lineno

    @property
    def last(self) -> int:
        """The last line that changes."""
        return self.site.node.end_lineno or self.site.node.lineno


def change_text(text: str, mutant: Mutant) -> str:
    """Put the choice in the place of the node; the rest stays letter by letter."""
    lines = text.encode().splitlines(keepends=True)
    node = mutant.site.node
    head = b"".join(lines[: mutant.first - 1]) + lines[mutant.first - 1][: node.col_offset]
    tail = lines[mutant.last - 1][node.end_col_offset :] + b"".join(lines[mutant.last :])
    return (head + mutant.choice.encode() + tail).decode()


def show_change(text: str, mutant: Mutant) -> tuple[str, str]:
    """The changed lines before and after, in one line each."""
    changed = change_text(text, mutant)
    before = text.splitlines()[mutant.first - 1 : mutant.last]
    more = len(changed.splitlines()) - len(text.splitlines())
    after = changed.splitlines()[mutant.first - 1 : mutant.last + more]
    return join_lines(before), join_lines(after)


def join_lines(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)


def find_sites(text: str) -> list[Site]:
    """All sites of a module, in its order."""
    finder = Finder()
    finder.visit(ast.parse(text))
    return finder.sites


class Finder(ast.NodeVisitor):
    """Walks a module and notes what can be changed."""

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.scope: list[str] = []
        self.names: tuple[str, ...] = ()
        self.functions = 0
        self.assigned: Counter[str] = Counter()

    def note(self, kind: str, node: ast.expr | ast.stmt, *choices: ast.AST) -> None:
        """Note a site; an expression's choices stand in brackets."""
        form = "({})" if isinstance(node, ast.expr) else "{}"
        if isinstance(node, ast.Constant):
            form = "{}"
        texts = tuple(form.format(ast.unparse(choice)) for choice in choices)
        imported = self.functions == 0
        names = self.names if imported else ()
        self.sites.append(Site(kind, node, texts, ".".join(self.scope), names, imported))

    # --- what is walked by

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.names = (node.name,)
        for part in (*node.decorator_list, node.args):
            self.visit(part)
        outside, self.assigned = self.assigned, count_assigned(node)
        self.scope.append(node.name)
        self.functions += 1
        for statement in node.body:
            self.visit(statement)
        self.functions -= 1
        self.scope.pop()
        self.assigned = outside

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.body)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.scope.append(node.name)
        self.names = (node.name,)
        for part in (*node.decorator_list, *node.keywords):
            self.visit(part)
        for statement in node.body:
            self.visit(statement)
        self.scope.pop()

    def visit_arg(self, node: ast.arg) -> None:
        """An annotation changes nothing."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """The places of what stands in one are not told by every Python."""

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg not in GUARDS:
            self.visit(node.value)

    def visit_Assert(self, node: ast.Assert) -> None:
        """An assertion guards; nothing hangs on it."""

    # --- statements

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.enter_assignment([node.target])
            self.visit(node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.enter_assignment(node.targets)
        if self.functions and all(self.is_known(target) for target in node.targets):
            self.note("deletion", node, ast.Pass())
        self.visit(node.value)

    def enter_assignment(self, targets: list[ast.expr]) -> None:
        if not self.functions:
            self.names = tuple(
                name.id
                for target in targets
                for name in ast.walk(target)
                if isinstance(name, ast.Name)
            )

    def is_known(self, target: ast.expr) -> bool:
        """Whether a target exists without this assignment."""
        if isinstance(target, ast.Name):
            return self.assigned[target.id] > 1
        return isinstance(target, ast.Attribute | ast.Subscript)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.note("deletion", node, ast.Pass())
        self.visit(node.value)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Constant):
            return
        if self.functions and not isinstance(node.value, ast.Yield | ast.YieldFrom):
            self.note("deletion", node, ast.Pass())
        self.visit(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        self.note("deletion", node, ast.Pass())

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is None:
            return
        if not isinstance(node.value, ast.Constant):
            self.note("return", node, ast.Return(ast.Constant(None)))
        self.visit(node.value)

    def visit_Break(self, node: ast.Break) -> None:
        self.note("loop", node, ast.Continue())

    def visit_Continue(self, node: ast.Continue) -> None:
        self.note("loop", node, ast.Break())

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self.negate(node.test)
            self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        self.negate(node.test)
        self.generic_visit(node)

    # --- expressions

    def negate(self, test: ast.expr) -> None:
        """A comparison or a negation is turned round where it stands itself."""
        if not isinstance(test, ast.Compare | ast.UnaryOp | ast.Constant):
            self.note("condition", test, ast.UnaryOp(ast.Not(), test))

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.negate(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self.negate(test)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        swaps = [
            ast.Compare(node.left, [*node.ops[:i], swap(), *node.ops[i + 1 :]], node.comparators)
            for i, operator in enumerate(node.ops)
            for swap in COMPARISONS[type(operator)]
        ]
        self.note("comparison", node, *swaps)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        self.note("boolean", node, ast.BoolOp(other, node.values))
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not | ast.USub):
            self.note("not" if isinstance(node.op, ast.Not) else "sign", node, node.operand)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        other = ARITHMETIC.get(type(node.op))
        if other and not isinstance(node.left, ast.Constant | ast.JoinedStr):
            self.note("arithmetic", node, ast.BinOp(node.left, other(), node.right))
        self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        for bound in filter(None, (node.lower, node.upper)):
            if not isinstance(bound, ast.Constant):
                more = ast.BinOp(bound, ast.Add(), ast.Constant(1))
                less = ast.BinOp(bound, ast.Sub(), ast.Constant(1))
                self.note("slice", bound, more, less)
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self.note("constant", node, ast.Constant(not node.value))
        elif isinstance(node.value, int | float):
            more, less = ast.Constant(node.value + 1), ast.Constant(node.value - 1)
            self.note("constant", node, more, less)


def count_assigned(function: ast.FunctionDef) -> Counter[str]:
    """How often a function gives each name a value, its arguments once."""
    stored = Counter(
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    )
    stored.update(node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg))
    return stored


def list_mutable(root: Path) -> list[str]:
    """The modules whose code is mutated, in order."""
    found = [
        path.relative_to(root).as_posix()
        for room in ("kpucrawl/extract", "archive")
        for path in (root / room).rglob("*.py")
    ]
    return sorted(path for path in found if "/migrations/" not in path)
