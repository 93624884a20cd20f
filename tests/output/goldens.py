"""What a batch of three results looks like in each of its files, kept in the folder ``goldens``.

A difference is one that users see. If it is meant, ``python -m tests.output.goldens`` writes the files anew.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from summarizer import Article, NoArticleError, Removed, Result, __version__
from summarizer.batch.failures import describe_failure
from summarizer.batch.reading import BatchInput
from summarizer.batch.results import Record, ResultFolder, lock, read_records
from summarizer.checks import Support
from summarizer.output.fields import FAILURES, RESULTS
from summarizer.output.formats import EXPORTS, FORMATS, render
from summarizer.result import (
    AbstractSentence,
    Confidence,
    Repair,
    ResultSentence,
    TranslatedSentence,
    Truncation,
)

FOLDER = Path(__file__).parent / "goldens"
NAMES = (
    RESULTS,
    FAILURES,
    *(f"results.{name}" for name in EXPORTS),
    *(f"taman{form.ending}" for form in FORMATS.values()),
    *(f"jahat{form.ending}" for form in FORMATS.values()),
)
"""All files that are kept. A new format has two more: of an article, and of a page whose text tries to be markup."""

HOSTILE = """<script>alert("a")</script> *tebal* [x](http://y) =HYPERLINK("http://z"); 'a', "b\""""
FORMULA = '=HYPERLINK("http://jahat")'
SURE = Confidence(0.9123456789, (), doubtful=False)
DOUBTFUL = Confidence(0.2, ("“12” is not in the source", "low"), doubtful=True, alternative="It has 21 hectares.")
UNKNOWN = Confidence(None, (), doubtful=False)

COPIED = AbstractSentence(
    "Kota Girimulya membuka taman.",
    Support(((0, 0),), ("Kota Girimulya membuka taman.",), 1.0),
    copied=True,
)
CUT = AbstractSentence(
    "Taman itu luasnya 21 hektare.",
    Support(((1, 0),), ("Taman itu, kata wali kota, luasnya 21 hektare.",), 1.0),
    copied=False,
    cut=True,
)
WRITTEN = AbstractSentence(
    HOSTILE,
    Support(((0, 0), (0, 1)), (HOSTILE, "Dua."), 0.5),
    copied=False,
)

NEWS = Result(
    article=Article(
        source="taman.html",
        title="Taman Baru Dibuka",
        paragraphs=("Kota Girimulya membuka taman.", "Taman itu, kata wali kota, luasnya 21 hektare. Warga senang."),
        site="contoh.id",
        url="https://contoh.id/taman",
        author="Ani",
        date="2025-02-03",
        removed=(
            Removed("GIRIMULYA -", "dateline", 1, leading=True),
            Removed("Baca juga: Harga Cabai Naik", "read_also", 2),
        ),
        paragraph_numbers=(1, 3),
    ),
    abstract="Kota Girimulya membuka taman. Taman itu luasnya 21 hektare.",
    translation="The city of Girimulya opens a park. It has 12 hectares.",
    article_translation=("The city of Girimulya opens a park.", "The park, the mayor said, has 12 hectares."),
    warnings=("the article is longer than the model can read: 1 of its 3 sentences (2 words) were left out",),
    model="fake",
    repairs=(Repair("translation", "candidate", ("“13” is not in the source",)),),
    length="short",
    unread=Truncation(((1, 1),), 2, 3),
    title_translation="A new park opens",
    sentences=(
        ResultSentence(COPIED, "The city of Girimulya opens a park.", SURE),
        ResultSentence(CUT, "It has 12 hectares.", DOUBTFUL),
    ),
    title_sentences=(TranslatedSentence(0, "Taman baru dibuka", "A new park opens", SURE),),
    article_sentences=(
        TranslatedSentence(0, "Kota Girimulya membuka taman.", "The city of Girimulya opens a park.", SURE),
        TranslatedSentence(
            1,
            "Taman itu, kata wali kota, luasnya 21 hektare.",
            "The park, the mayor said, has 12 hectares.",
            DOUBTFUL,
        ),
    ),
)
FROM_A_HOSTILE_PAGE = Result(
    article=Article("jahat.html", HOSTILE, (f"{HOSTILE} Dua.",), url="javascript:alert(1)", author=FORMULA),
    abstract=HOSTILE,
    translation=HOSTILE,
    article_translation=None,
    warnings=(HOSTILE,),
    model="fake",
    title_translation=HOSTILE,
    sentences=(ResultSentence(WRITTEN, HOSTILE, UNKNOWN),),
    title_sentences=(TranslatedSentence(0, HOSTILE, HOSTILE, UNKNOWN),),
)
WITHOUT_TRANSLATION = Result(
    article=Article("opini.txt", None, ("Kota Girimulya membuka taman.",), genre="opinion"),
    abstract="Kota Girimulya membuka taman.",
    translation=None,
    article_translation=None,
    warnings=(),
    model="fake",
    sentences=(ResultSentence(COPIED, None, None),),
)
RESULTS_BY_NAME = {"taman.html": NEWS, "jahat.html": FROM_A_HOSTILE_PAGE, "opini.txt": WITHOUT_TRANSLATION}


def write(output: Path) -> None:
    """Write the files of a batch with these results, and one page that holds no article, into a folder."""
    error = NoArticleError("indeks.html holds no article, only links")
    failures = [{"input": "indeks.html"} | describe_failure(error)]
    with lock(output):
        folder = ResultFolder(output, "json")
        for name, result in RESULTS_BY_NAME.items():
            file = BatchInput(name, f"/pages/{name}")
            refused = folder.keep([(file, "0" * 64, result.to_record())])
            assert not refused
            assert folder.write(name) is None
        folder.finish(RESULTS_BY_NAME, failures)
        folder.close()

    def records() -> Iterator[Record]:
        return read_records(output / RESULTS)

    for name, export in EXPORTS.items():
        export.write(output / f"results.{name}", records, failures)
    page = output / "results.html"
    page.write_text(_lasting(page.read_text(encoding="utf-8")), encoding="utf-8")
    for name, form in FORMATS.items():
        (output / f"taman{form.ending}").write_text(render(NEWS.to_dict(), name), encoding="utf-8")
        hostile = render(FROM_A_HOSTILE_PAGE.to_dict(), name)
        (output / f"jahat{form.ending}").write_text(hostile, encoding="utf-8")


def _lasting(page: str) -> str:
    """Return a page without what changes more often: version, words of the lexicon, styles and scripts."""
    page = page.replace(f"Ringkas {__version__}", "Ringkas …")
    page = re.sub(r"'sha256-[^']*'", "'sha256-…'", page)
    page = re.sub(r'data-glosses="[^"]*"', 'data-glosses="…"', page)
    return re.sub(r"(<(style|script)[^>]*>).*?(</\2>)", r"\1…\3", page, flags=re.DOTALL)


def main() -> None:
    """Write the kept files anew."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        for name in NAMES:
            (FOLDER / name).write_bytes(Path(folder, name).read_bytes())


if __name__ == "__main__":
    main()
