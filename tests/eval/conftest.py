import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from eval.__main__ import main

ROWS = [
    {
        "id": "banjir",
        "title": "Sungai Laras Meluap",
        "text": "Sungai Laras meluap. Sebanyak 2.400 warga Girimulya mengungsi.\nBupati Hendra meminta warga waspada.",
        "summary": "Sebanyak 2.400 warga Girimulya mengungsi karena Sungai Laras meluap.",
    },
    {
        "id": "beras",
        "text": "Harga beras naik 7,5 persen di Jakarta. Pedagang mengeluh. Pemerintah akan menambah pasokan beras.",
        "summary": "Harga beras di Jakarta naik 7,5 persen sehingga pembeli berkurang.",
    },
    {
        "id": "voli",
        "text": "Tim Karang Sari menang 3-1 atas Melati. Gedung Wira penuh. Kapten Sinta Ayu mencetak 21 poin.",
        "summary": "Karang Sari mengalahkan Melati 3-1, dengan 21 poin dari Sinta Ayu.",
    },
]


def write_rows(path: Path, rows: Sequence[dict[str, Any]] = ROWS) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def call(*arguments: object, code: int = 0) -> Result:
    """Run ``python -m eval``, which must end with an exit code."""
    result = CliRunner().invoke(main, list(map(str, arguments)))
    assert result.exit_code == code, result.output
    return result
