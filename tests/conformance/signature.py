#!/usr/bin/env python3
"""Write the signature of a Python runner, with the schemas that Cog prints for it, as JSON: what `make conformance` reads.

    signature.py RUNNER.py DOCUMENT.json > SIGNATURE.json

DOCUMENT is Cog's OpenAPI document for the runner. Only literals are understood, as in Cog's own static generator.
"""

import ast
import json
import sys
from pathlib import Path

CONSTANT = {"PredictionRequest", "PredictionResponse", "Status", "HTTPValidationError", "ValidationError"}


def without_none(node: ast.expr) -> tuple[ast.expr | None, bool]:
    """A type without `None`, and whether `None` was in it."""
    if isinstance(node, ast.Constant) and node.value is None:
        return None, True
    parts: list[ast.expr] = []
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        parts = [node.left, node.right]
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Union":
        parts = list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]
    elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Optional":
        inner, _ = without_none(node.slice)
        return inner, True
    if not parts:
        return node, False
    kept, optional = [], False
    for part in parts:
        inner, none = without_none(part)
        optional |= none
        if inner is not None:
            kept.append(inner)
    joined = kept[0]
    for part in kept[1:]:
        joined = ast.BinOp(joined, ast.BitOr(), part)
    return joined, optional


def spelled(node: ast.expr) -> str:
    """A type as text: lower-case `list` and `dict`, names without quotes."""
    text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ast.unparse(node)
    return text.replace("List[", "list[").replace("Dict[", "dict[").replace("'", "")


def field(name: str, annotation: ast.expr, default: ast.expr | None) -> dict:
    inner, optional = without_none(annotation)
    entry: dict = {"name": name, "type": spelled(inner), "optional": optional}
    if isinstance(default, ast.Call):
        entry |= {keyword.arg: ast.literal_eval(keyword.value) for keyword in default.keywords}
    elif default is not None:
        entry["default"] = ast.literal_eval(default)
    return entry


def model(node: ast.ClassDef) -> list[dict]:
    """The fields of a model, each with whether Cog requires it."""
    total = not any(keyword.arg == "total" and ast.literal_eval(keyword.value) is False for keyword in node.keywords)
    fields = []
    for statement in node.body:
        if isinstance(statement, ast.AnnAssign):
            annotation, required = statement.annotation, total and statement.value is None
            if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) in ("Required", "NotRequired"):
                required = ast.unparse(annotation.value) == "Required"
                annotation = annotation.slice
            inner, optional = without_none(annotation)
            fields.append({"name": statement.target.id, "type": spelled(inner), "optional": optional, "required": required})
    return fields


def main() -> None:
    runner, document = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    classes = [node for node in ast.parse(runner.read_text()).body if isinstance(node, ast.ClassDef)]
    methods = [(owner, node) for owner in classes for node in owner.body if isinstance(node, ast.FunctionDef) and node.name in ("run", "predict")]
    owner, method = methods[0]
    arguments = method.args.args[1:]
    defaults = [None] * (len(arguments) - len(method.args.defaults)) + list(method.args.defaults)
    signature = {
        "name": runner.stem,
        "inputs": [field(argument.arg, argument.annotation, default) for argument, default in zip(arguments, defaults)],
        "output": spelled(method.returns),
        "models": {node.name: model(node) for node in classes if node is not owner},
        "streaming": any(ast.unparse(decorator) == "streaming" for decorator in method.decorator_list),
        "schemas": {name: schema for name, schema in document["components"]["schemas"].items() if name not in CONSTANT or "enum" in schema and name != "Status"},
    }
    print(json.dumps(signature, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
