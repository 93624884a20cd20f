"""The names that `summarizer` promises are there, and no others."""

import ast
import subprocess
import sys
from pathlib import Path

import summarizer

SOURCE = Path(summarizer.__file__).read_text(encoding="utf-8")


def test_what_a_type_checker_sees_is_what_can_be_imported() -> None:
    imported = {
        alias.name
        for node in ast.walk(ast.parse(SOURCE))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("summarizer.")
        for alias in node.names
    }
    assert sorted({*imported, "__version__"}) == sorted(summarizer.__all__)
    assert set(summarizer.__all__) <= set(dir(summarizer))
    assert not hasattr(summarizer, "Nothing")


def test_a_star_import_needs_no_extra() -> None:
    program = (
        "import sys; sys.modules.update(dict.fromkeys(('ray', 'pandas', 'starlette', 'pydantic')))\n"
        "from summarizer import *; print(Summarizer, ExitCode)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
