"""What holds of the package as a whole: its imports, and the names that it promises."""

import ast
import subprocess
import sys
from pathlib import Path

import summarizer

ROOT = Path(__file__).parent.parent
CONTRACTS = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("[tool.importlinter]")[2]


def printed(program: str) -> list[str]:
    """The words that a program prints in a process of its own, which must end well."""
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.split()


def test_imports_go_downwards() -> None:
    # In a process of its own: it switches other loggers off.
    printed(
        "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports('pyproject.toml', no_cache=True))"
    )


def test_every_part_has_its_layer() -> None:
    parts = {path.stem for path in (ROOT / "summarizer").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert {part for part in parts - {"__init__", "__pycache__"} if f"summarizer.{part}" not in CONTRACTS} == set()


def test_importing_is_light() -> None:
    """Neither the package nor the help page may load what takes seconds; the package alone loads nothing."""
    modules = printed(
        "import sys; from click.testing import CliRunner; from summarizer.cli.commands import main; "
        "result = CliRunner().invoke(main, ['--help']); assert result.exit_code == 0; print('\\n'.join(sys.modules))"
    )
    heavy = "onnx onnxruntime torch transformers numpy trafilatura lxml py3langid babel tokenizers tqdm"
    assert not {*heavy.split()} & {*modules}
    assert "summarizer.summarizer" in modules
    loaded = printed(
        "import sys; before = set(sys.modules); import summarizer; print(*sorted(set(sys.modules) - before))"
    )
    assert [name for name in loaded if name.startswith("summarizer")] == ["summarizer"]


def test_what_a_type_checker_sees_is_what_can_be_imported() -> None:
    imported = {
        alias.name
        for node in ast.walk(ast.parse(Path(summarizer.__file__).read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("summarizer.")
        for alias in node.names
    }
    assert sorted({*imported, "__version__"}) == sorted(summarizer.__all__)
    assert set(summarizer.__all__) <= set(dir(summarizer))
    assert not hasattr(summarizer, "Nothing")


def test_a_star_import_needs_no_extra() -> None:
    printed(
        "import sys; sys.modules.update(dict.fromkeys(('ray', 'pandas', 'starlette', 'pydantic')))\n"
        "from summarizer import *; print(Summarizer, ExitCode)"
    )
