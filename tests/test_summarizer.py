from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

import summarizer
from summarizer import (
    Article,
    InputError,
    ModelError,
    NoArticleError,
    NotIndonesianError,
    Result,
    RingkasError,
    SavedPage,
    Summarizer,
    read_text,
)
from summarizer import (
    summarizer as api,
)
from summarizer.extraction.blocks import Page
from summarizer.models.base import Length, Task
from summarizer.models.catalogue import DEFAULT
from summarizer.summarizer import TRANSLATE, Translate
from tests.conftest import ARTICLE, SAMPLES, FakeModel

ABSTRACT = "Kota Girimulya membuka taman seluas 12 hektare."
ENGLISH = "Girimulya opens a park of 12 hectares."
HEADLINE = "A new park opens"


def write(task: Task, source: str) -> str:
    if task is Task.SUMMARIZE:
        return ABSTRACT
    return {ABSTRACT: ENGLISH, "Taman baru dibuka": HEADLINE}.get(source, f"[{source}]")


@pytest.fixture
def ringkas() -> Summarizer:
    return Summarizer(FakeModel(write))


PAGE = read_text(f"Taman Baru Dibuka\n{ARTICLE}\nTerpopuler\n- Harga Cabai Naik", "a.txt")


def test_abstract_and_translation(ringkas: Summarizer) -> None:
    result = ringkas.summarize(PAGE)
    assert (result.abstract, result.translation, result.article_translation) == (ABSTRACT, ENGLISH, None)
    assert result.article.title == "Taman Baru Dibuka"
    assert result.article.paragraphs == (ARTICLE,)
    assert result.warnings == ()
    assert result.model == "fake"


def test_whole_article(ringkas: Summarizer) -> None:
    result = ringkas.summarize(PAGE, translate="article")
    assert result.translation == ENGLISH
    assert result.article_translation is not None
    assert len(result.article_translation) == 1
    assert "Terpopuler" not in result.article_translation[0]
    assert " ".join(one.text for one in result.article_sentences) == result.article_translation[0]
    assert ringkas.summarize(PAGE).article_sentences == ()


def test_the_headline_is_translated_like_a_sentence_of_its_own(ringkas: Summarizer) -> None:
    for translate in TRANSLATE[:2]:
        [one, without] = ringkas.summarize_many([PAGE, read_text(ARTICLE, "b.txt")], translate)
        assert isinstance(one, Result)
        assert isinstance(without, Result)
        assert (one.title_translation, one.article.title) == (HEADLINE, "Taman Baru Dibuka")
        assert (without.title_translation, without.translation) == (None, ENGLISH)
        assert [sentence.text for sentence in one.title_sentences] == [HEADLINE]
        assert without.title_sentences == ()
        assert one.article_translation == without.article_translation


def test_what_is_wrong_with_the_headline_in_english_is_said() -> None:
    page = read_text(f"Ratna Puspita Buka 3 Taman\n{ARTICLE}", "a.txt")
    result = Summarizer(FakeModel(lambda task, source: "Parks" if "taman" in source[-6:] else write(task, source)))
    [warning] = result.summarize(page).warnings
    assert warning.startswith("the translation of “Ratna Puspita buka 3 taman”: ")


def test_no_translation() -> None:
    model = FakeModel(write)
    result = Summarizer(model).summarize(PAGE, translate="none")
    assert (result.translation, result.title_translation) == (None, None)
    assert all(task is Task.SUMMARIZE for task, *_ in model.calls)


def test_length_and_title_reach_the_model() -> None:
    model = FakeModel(write)
    ringkas = Summarizer(model)
    results = [
        ringkas.summarize(PAGE, length="short"),
        *ringkas.summarize_many([PAGE], length="medium"),
        *ringkas.write([Summarizer().clean(PAGE)], length="long"),
        ringkas.summarize(PAGE),
    ]
    assert model.told == [(["Taman Baru Dibuka"], length) for length in ("short", "medium", "long", None)]
    assert [result.length for result in results if isinstance(result, Result)] == ["short", "medium", "long", None]


@pytest.mark.parametrize("length", ["huge", "", "Short", 3])
def test_an_unknown_length_is_refused_before_anything_is_read(length: Length) -> None:
    ringkas = Summarizer("no such model")
    for call in (
        lambda: ringkas.summarize("hilang.txt", length=length),
        lambda: ringkas.summarize_many(["hilang.txt"], length=length),
        lambda: ringkas.write([], length=length),
        lambda: ringkas.write_groups([], length=length),
    ):
        with pytest.raises(ValueError, match="must be one of short, medium, long"):
            call()


@pytest.mark.parametrize("translate", ["everything", "", "Abstract"])
def test_an_unknown_translate_is_refused_before_anything_is_read(translate: Translate) -> None:
    ringkas = Summarizer("no such model")
    for call in (
        lambda: ringkas.summarize("hilang.txt", translate),
        lambda: ringkas.summarize_many(["hilang.txt"], translate),
        lambda: ringkas.write([], translate),
        lambda: ringkas.write_groups([], translate),
    ):
        with pytest.raises(ValueError, match="must be one of abstract, article, none"):
            call()


def test_a_window_of_no_article_is_refused() -> None:
    with pytest.raises(ValueError, match="it must be 1 or more"):
        Summarizer("no such model").summarize_many(["hilang.txt"], window=0)


def articles(count: int) -> list[Article]:
    return [Summarizer().clean(read_text(f"{ARTICLE} Nomor {number}.", f"{number}.txt")) for number in range(count)]


@pytest.mark.parametrize("translate", ["abstract", "article", "none"])
def test_many_are_as_one(ringkas: Summarizer, translate: Translate) -> None:
    sources = articles(5)
    one_by_one = [ringkas.summarize(source, translate) for source in sources]
    assert list(ringkas.summarize_many(sources, translate, window=2)) == one_by_one
    assert [result.article.source for result in one_by_one] == [f"{number}.txt" for number in range(5)]


def test_many_share_the_model_calls() -> None:
    model = FakeModel(write)
    list(Summarizer(model).summarize_many(articles(5), window=3))
    assert [(task, len(sources)) for task, sources, *_ in model.calls] == [
        (Task.SUMMARIZE, 3),
        (Task.TRANSLATE, 1),
        (Task.SUMMARIZE, 2),
        (Task.TRANSLATE, 1),
    ]


@pytest.mark.parametrize("processes", [0, 2])
def test_bad_sources_are_errors_in_their_places(ringkas: Summarizer, tmp_path: Path, processes: int) -> None:
    good, english = tmp_path / "a.txt", tmp_path / "en.txt"
    good.write_text(ARTICLE, encoding="utf-8")
    english.write_text("The government said that the bridge would be closed for half a year. " * 5, encoding="utf-8")
    sources = [tmp_path / "hilang.txt", good, english, PAGE, str(tmp_path)]
    outcomes = list(ringkas.summarize_many(sources, processes=processes, window=2))
    assert [type(outcome) for outcome in outcomes] == [InputError, Result, NotIndonesianError, Result, InputError]
    assert str(outcomes[0]) == f"cannot read {tmp_path / 'hilang.txt'}: no such file or directory"


def test_nothing_is_read_before_it_is_needed(ringkas: Summarizer) -> None:
    taken = []

    def sources() -> Iterator[Article]:
        for article in articles(100):
            taken.append(article)
            yield article

    results = ringkas.summarize_many(sources(), window=4)
    next(results)
    assert len(taken) == 4


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("tidak\nbisa"), "ValueError: tidak bisa"),
        (MemoryError(), "there is not enough memory"),
        (RuntimeError("[ONNXRuntimeError] : std::bad_alloc"), "there is not enough memory"),
    ],
)
def test_what_goes_wrong_with_one_article_spares_the_others(error: Exception, reason: str) -> None:
    def write_but_one(task: Task, source: str) -> str:
        if "Nomor 1." in source:
            raise error
        return write(task, source)

    outcomes = list(Summarizer(FakeModel(write_but_one)).summarize_many(articles(3)))
    assert [type(outcome) for outcome in outcomes] == [Result, RingkasError, Result]
    assert str(outcomes[1]) == f"1.txt can't be summarised: {reason}"


def test_a_model_that_fails_for_good_stops_all() -> None:
    """Also where it is noticed only as each article is tried alone."""
    errors = iter([ValueError("meledak"), ModelError("the model is gone")])

    def fail(task: Task, source: str) -> str:
        raise next(errors)

    with pytest.raises(ModelError, match="the model is gone"):
        list(Summarizer(FakeModel(fail)).summarize_many(articles(3)))


def test_what_goes_wrong_in_cleaning_spares_the_others(
    ringkas: Summarizer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = api.clean

    def clean(page: Page) -> Article:
        if page.source == str(tmp_path / "b.txt"):
            raise ValueError("tidak\nbisa")
        return real(page)

    monkeypatch.setattr(api, "clean", clean)
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(ARTICLE, encoding="utf-8")
    # What is given in place of a path is said too.
    sources = [tmp_path / "a.txt", tmp_path / "b.txt", cast(str, b"<html>isi</html>")]
    good, bad, wrong = ringkas.summarize_many(sources)
    assert isinstance(good, Result)
    assert str(bad) == f"{tmp_path / 'b.txt'} can't be cleaned: ValueError: tidak bisa"
    assert "<html>isi</html> can't be cleaned: TypeError: a source is the path of a file" in str(wrong)


def test_an_article_that_its_process_died_over_is_named() -> None:
    for source in (PAGE, "a.txt", Path("a.txt")):
        assert str(api._lost_source(source)) == "a.txt can't be cleaned: the process that read it died"


def test_a_model_that_cannot_be_loaded_stops_all() -> None:
    with pytest.raises(ModelError, match="gpt-7"):
        list(Summarizer("gpt-7").summarize_many(articles(3)))


def test_progress_counts_articles(ringkas: Summarizer) -> None:
    for translate in ("abstract", "article", "none"):
        counts: list[float] = []
        assert len(list(ringkas.write_groups([*articles(3), InputError("rusak")], translate, counts.append))) == 2  # type: ignore[arg-type]
        assert sum(counts) == pytest.approx(4)


@pytest.mark.parametrize("task", Task)
def test_progress_reaches_its_end_where_articles_are_tried_again(task: Task) -> None:
    errors = [ValueError("meledak")]

    def write_at_second_try(asked: Task, source: str) -> str:
        if asked is task and errors:
            raise errors.pop()
        return write(asked, source)

    counts: list[float] = []
    ringkas = Summarizer(FakeModel(write_at_second_try))
    assert len(list(ringkas.write_groups(articles(3), advance=counts.append))) == 1
    assert sum(counts) == pytest.approx(3)


def test_from_a_file(ringkas: Summarizer, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(ARTICLE, encoding="utf-8")
    assert ringkas.summarize(file).abstract == ABSTRACT
    assert ringkas.summarize(str(file)).article.source == str(file)


def test_cleaning_needs_no_model() -> None:
    article = Summarizer("no such model").clean(SAMPLES / "jembatan.txt")
    assert len(article.paragraphs) == 8


def test_refusals_and_force() -> None:
    english = read_text("The government said that the bridge would be closed for half a year. " * 5, "en.txt")
    index = read_text("Terpopuler\n- Harga Naik\nHujan turun.", "indeks.txt")
    with pytest.raises(NotIndonesianError):
        Summarizer(FakeModel(write)).clean(english)
    with pytest.raises(NoArticleError):
        Summarizer(FakeModel(write)).clean(index)
    forced = Summarizer(FakeModel(write), force=True)
    assert forced.clean(english).paragraphs
    assert forced.clean(index).paragraphs == ("Hujan turun.",)
    with pytest.raises(NoArticleError):
        forced.clean(read_text("Terpopuler\n- Harga Naik", "kosong.txt"))


def test_translate_keeps_paragraphs(ringkas: Summarizer) -> None:
    assert ringkas.translate("Hujan turun.\n\n\nJalan licin.\n").paragraphs == ("[Hujan turun.]", "[Jalan licin.]")


@pytest.mark.parametrize("text", ["Hujan turun.\n\nJalan\u2028licin.\n", "Hujan turun.\n\nJalan\x0blicin."])
def test_translate_keeps_lines(ringkas: Summarizer, text: str) -> None:
    lines = ringkas.translate(text, lines=True).paragraphs
    assert len(lines) == 3
    assert lines[1] == ""


@pytest.mark.parametrize("lines", [False, True])
def test_translate_repairs_what_was_read_in_the_wrong_encoding(ringkas: Summarizer, lines: bool) -> None:
    damaged = "Suhu di sana 20â€“25 derajat karena hujan.\n\nIa berkata, â€œBesok juga.â€\n"
    first, *_, last = ringkas.translate(damaged, lines=lines).paragraphs
    assert (first, last) == ("[Suhu di sana 20–25 derajat karena hujan.]", "[Ia berkata, “Besok juga.”]")


def test_translate_refuses_another_language(ringkas: Summarizer) -> None:
    with pytest.raises(InputError, match="English"):
        ringkas.translate("The government said that the bridge would be closed for half a year.")


def test_what_is_in_memory_is_translated_as_a_file_is(ringkas: Summarizer, tmp_path: Path) -> None:
    page = f"<html><head><title>Taman Baru Dibuka</title></head><body><article><p>{ARTICLE}</p></article></body></html>"
    for name, content in (("a.html", page), ("a.txt", "Hujan turun di kota itu.\n\nJalan itu licin.")):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        # No file of the name is opened.
        for given in (content, content.encode()):
            found = ringkas.translate_page(SavedPage("/etc/passwd", given))
            assert found.translation == ringkas.translate_page(path).translation
            assert len(found.article.paragraphs) == len(found.translation.paragraphs)
            assert (found.article.source, found.model) == ("/etc/passwd", "fake")


def test_a_page_that_cannot_be_translated_is_named_as_it_may_be_shown(ringkas: Summarizer, tmp_path: Path) -> None:
    path = tmp_path / "\x1b[31ma.html"
    path.write_text("<html><body><p>Terpopuler</p></body></html>", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        ringkas.translate_page(path)
    assert str(caught.value).startswith(f"{tmp_path}/a.html ")


def test_what_cannot_be_translated_is_refused(ringkas: Summarizer) -> None:
    english = "The government said that the bridge would be closed for half a year."
    with pytest.raises(NotIndonesianError):
        ringkas.translate_page(SavedPage("a.txt", english))
    assert ringkas.translate_page(SavedPage("a.txt", english), force=True).translation.paragraphs == (f"[{english}]",)
    for content in (" \n", b"", b"%PDF-1.7", b"\0\1\2\3" * 99):
        with pytest.raises(InputError, match=r"^a\.txt is "):
            ringkas.translate_page(SavedPage("a.txt", content))


def test_many_translations_are_as_one_each() -> None:
    model = FakeModel(write)
    texts = ["Hujan turun.\n\nJalan licin.", "", "Warga pulang ke rumah. Hujan turun."]
    ringkas = Summarizer(model, force=True)
    assert ringkas.translate_many(texts) == [ringkas.translate(text) for text in texts]
    assert model.calls[0][1] == ["Hujan turun.", "Jalan licin.", "Warga pulang ke rumah."]
    assert ringkas.translate_many(texts, lines=True)[0].paragraphs == ("[Hujan turun.]", "", "[Jalan licin.]")
    assert ringkas.translate_many([]) == []


def test_many_translations_name_the_text_in_another_language(ringkas: Summarizer) -> None:
    with pytest.raises(NotIndonesianError, match=r"^text 2 .*English"):
        ringkas.translate_many(
            ["Hujan turun di kota itu.", "The government said that the bridge would be closed for half a year."]
        )


def test_importing_is_light() -> None:
    """Neither the package nor the help page may load what takes seconds."""
    code = (
        "import sys; from click.testing import CliRunner; from summarizer.cli.commands import main; "
        "result = CliRunner().invoke(main, ['--help']); assert result.exit_code == 0; print('\\n'.join(sys.modules))"
    )
    modules = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {
        "onnx",
        "onnxruntime",
        "torch",
        "transformers",
        "numpy",
        "trafilatura",
        "lxml",
        "py3langid",
        "babel",
        "tokenizers",
        "tqdm",
    }
    assert not heavy & set(modules)
    assert "summarizer.summarizer" in modules


def test_the_package_alone_loads_nothing() -> None:
    code = "import sys; before = set(sys.modules); import summarizer; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert [name for name in loaded if name.startswith("summarizer")] == ["summarizer"]


def test_public_names_exist() -> None:
    assert all(hasattr(summarizer, name) for name in summarizer.__all__)
    assert set(summarizer.__all__) <= set(dir(summarizer))
    assert summarizer.Summarizer is Summarizer
    assert not hasattr(summarizer, "Summariser")
    assert Path(summarizer.__file__).with_name("py.typed").exists()


def test_the_main_job_with_the_embedded_model(checkpoint: Path) -> None:
    result = Summarizer().summarize(SAMPLES / "jembatan.txt", translate="article")
    assert result.model == DEFAULT
    assert "jembatan" in result.abstract.lower()
    assert result.translation
    assert "bridge" in result.translation.lower()
    assert result.article_translation is not None
    assert len(result.article_translation) == 8
    assert {one.paragraph for one in result.article_sentences} == set(range(8))
    assert all(one.confidence.value is not None for one in (*result.title_sentences, *result.article_sentences))
    assert "Terpopuler" not in result.to_json()


@pytest.mark.parametrize("threads", [0, -1, 2.5, "x", True])
def test_threads_that_there_can_t_be(threads: object) -> None:
    with pytest.raises(ValueError, match="threads") as caught:
        Summarizer(threads=threads)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
