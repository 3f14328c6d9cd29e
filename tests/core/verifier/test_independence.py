"""The verifier imports nothing of ours, and nothing that is not in every Python."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import openqmm.core.verifier

FOLDER = Path(openqmm.core.verifier.__file__).parent
OWN = "openqmm.core.verifier"
ALLOWED = {*sys.stdlib_module_names, "cryptography"}


def test_it_imports_only_itself_the_standard_library_and_cryptography() -> None:
    modules = sorted(FOLDER.glob("*.py"))
    assert len(modules) > 8
    for module in modules:
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, module.name
                names = [str(node.module)]
            for name in names:
                assert name.startswith(OWN) or name.partition(".")[0] in ALLOWED, (module, name)
