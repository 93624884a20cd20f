"""What holds of the package as a whole: its imports, the names that it promises, its errors and their exit codes."""

import ast
import importlib.util
import pickle
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import summarizer
from summarizer import errors
from summarizer.errors import ExitCode, NotIndonesianError, RingkasError
from tests.conftest import ROOT, python

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
CONTRACTS = PYPROJECT.partition("[tool.importlinter]")[2]
OURS = ("summarizer", "training", "eval", "tests")
CLASSES = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, RingkasError)]


def printed(program: str) -> list[str]:
    """The words that a program prints in a process of its own, which must end well."""
    run = python("-c", program)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout.split()


def test_imports_go_downwards() -> None:
    # In a process of its own: it switches other loggers off.
    printed("from importlinter.cli import lint_imports; exit(lint_imports('pyproject.toml', no_cache=True))")


def test_every_part_has_its_layer() -> None:
    parts = {path.stem for path in (ROOT / "summarizer").iterdir() if path.suffix == ".py" or path.is_dir()}
    parts -= {"__init__", "__main__", "__pycache__"}
    assert {part for part in parts if f"summarizer.{part}" not in CONTRACTS} == set()


def imported_modules(file: Path) -> set[str]:
    """The modules that a file imports, by their full names."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            modules.add(node.module or "")
    return modules


def foreign_packages(*folders: str) -> set[str]:
    """The packages that folders of the project import, but for Python's own and ours."""
    packages: set[str] = set()
    for folder in folders:
        for file in (ROOT / folder).rglob("*.py"):
            packages.update(module.partition(".")[0] for module in imported_modules(file))
    return packages - set(sys.stdlib_module_names) - set(OURS)


def distribution(requirement: str) -> str:
    """The name of what a requirement is of, as packages are compared."""
    name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads(PYPROJECT)["project"]
    declared = set(map(distribution, project["dependencies"]))
    for extra in project["optional-dependencies"].values():
        declared.update(map(distribution, extra))
    brought_by = packages_distributions()
    # What isn't installed here is brought by nothing.
    installed = {package for package in foreign_packages(*OURS) if package in brought_by}
    undeclared = {package for package in installed if declared.isdisjoint(map(distribution, brought_by[package]))}
    assert undeclared == set()
    assert "numpy" in installed


def test_mypy_passes_over_only_what_is_imported_and_has_no_types() -> None:
    overrides, *_ = tomllib.loads(PYPROJECT)["tool"]["mypy"]["overrides"]
    packages = {module.removesuffix(".*") for module in overrides["module"]}
    assert packages - foreign_packages("summarizer", "training", "eval") == set()
    typed = set()
    for package in packages:
        spec = importlib.util.find_spec(package)
        if spec and spec.origin and Path(spec.origin).with_name("py.typed").is_file():
            typed.add(package)
    assert typed == set()


def test_importing_is_light() -> None:
    """Neither the package nor the help page may load what takes seconds; the package alone loads nothing."""
    modules = printed(
        "import sys; from click.testing import CliRunner; from summarizer.cli.commands import main; "
        "result = CliRunner().invoke(main, ['--help']); assert result.exit_code == 0; print('\\n'.join(sys.modules))"
    )
    heavy = "onnx onnxruntime torch transformers numpy trafilatura lxml py3langid babel tokenizers tqdm"
    assert not {*heavy.split()} & {*modules}
    assert "summarizer.summarizer" in modules
    loaded = printed("import sys; before = set(sys.modules); import summarizer; print(*set(sys.modules) - before)")
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


def test_the_documents_name_each_exit_code() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\d+)` \| (?:`(\w+)`)? ?\|", page, re.MULTILINE)
    own = {error.exit_code: error.__name__ for error in CLASSES}
    assert {int(code): name for code, name in rows} == {code.value: own.get(code, "") for code in ExitCode}


@pytest.mark.parametrize("error", CLASSES)
def test_each_class_has_a_code_and_advice_of_its_own_and_is_public(error: type[RingkasError]) -> None:
    assert getattr(summarizer, error.__name__) is error
    assert [other for other in CLASSES if other.exit_code == error.exit_code] == [error]
    assert [other for other in CLASSES if other.advice == error.advice] == [error]


def test_errors_travel_between_processes() -> None:
    copy = pickle.loads(pickle.dumps(RingkasError("a.txt is empty", advice="save it again")))
    assert str(copy) == "a.txt is empty"
    assert copy.advice == "save it again"
    foreign = pickle.loads(pickle.dumps(NotIndonesianError("a.txt is English", "en")))
    assert str(foreign) == "a.txt is English"
    assert foreign.language == "en"
    assert foreign.exit_code == ExitCode.NOT_INDONESIAN
