"""Take the picture of the page that the README shows, with the embedded model at work: ``make picture``."""

import json
import sys
from pathlib import Path

from summarizer import Summarizer
from tests.conftest import ROOT, SAMPLES
from tests.output.browser import Browser
from tests.web.desk import serving

LETTER = "Rapat warga desa diadakan pada Jumat malam di balai desa. Semua kepala keluarga diharapkan hadir."
_PATIENCE = 3600.0


def take(target: Path) -> None:
    """Summarise a sample, translate a letter, choose a sentence, and write what is seen then as PNG."""
    with serving(Summarizer(progress=False)) as address, Browser(1280, 1200) as tab:
        tab.open(address)
        tab.choose_files("#files", SAMPLES / "jembatan.txt")
        tab.wait_for("document.querySelector('.sentence')", _PATIENCE)
        tab.choose_files("#files", ROOT / "eval" / "data" / "news" / "satelit-kunang-satu.txt")
        tab.wait_for("document.querySelectorAll('#results li').length === 2", _PATIENCE)
        tab.run("document.querySelector('#task').value = 'translate'")
        tab.run(f"document.querySelector('#paste').value = {json.dumps(LETTER)}")
        tab.run("document.querySelector('#go').click()")
        tab.wait_for("document.querySelectorAll('#results li').length === 3", _PATIENCE)
        tab.run("document.querySelector('#task').value = 'summarize'")
        tab.run("document.querySelectorAll('.sentence')[1].click()")
        tab.run("document.activeElement.blur()")
        tab.run("scrollTo(0, 0)")
        tab.screenshot(target)


if __name__ == "__main__":
    take(Path(sys.argv[1]))
