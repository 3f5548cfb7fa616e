"""The installed fonts: which one sets what a title's own font lacks, and what is said where none does."""

from __future__ import annotations

import pytest

from post.errors import JobError
from post.picture.type import FontSpec, TextSpec, Typeface, set_type
from post.picture.type.fonts import families
from post.picture.type.fonts.families import CORE, FAMILIES, families_for

TITLES = {
    "Noto Sans Arabic": ("عام 2026: أخبار", "ar"),
    "Noto Sans Hebrew": ("שנת 2026 חדשות", "he"),
    "Noto Sans Devanagari": ("हिन्दी क्षत्रिय", "hi"),
    "Noto Sans Thai": ("สวัสดีชาวโลก", "th"),
    "Noto Sans Tamil": ("தமிழ் செய்தி", "ta"),
    "Noto Sans Bengali": ("বাংলা খবর", "bn"),
    "Noto Sans CJK JP": ("今日は天気です。", "ja"),
    "Noto Sans CJK KR": ("오늘의 뉴스 新聞", "ko"),
    "Noto Sans CJK SC": ("今天的新闻", "zh"),
    "Noto Sans CJK TC": ("今天的新聞", "zh-Hant"),
    "Noto Sans CJK HK": ("今天的新聞", "zh-HK"),
    "Noto Emoji": ("👩‍👩‍👧‍👦 🇯🇵 👍🏽 ❤️‍🔥 1️⃣ 🏴󠁧󠁢󠁳󠁣󠁴󠁿", ""),
    "Noto Sans Symbols": ("⚕ ☤", ""),
}


def faces(text: str, language: str = "", **how: object) -> tuple[Typeface, ...]:
    cut = FontSpec(None, 60, place="title", **how)  # type: ignore[arg-type]
    return set_type(TextSpec(text, 3000, 1, language=language), [cut]).faces


@pytest.mark.parametrize("name", TITLES)
def test_each_script_has_its_font_and_no_other(name: str) -> None:
    text, language = TITLES[name]
    assert [face.name for face in faces(text, language)][:2] == ["Inter", name]


def test_a_title_that_inter_can_set_opens_no_other_font() -> None:
    assert [face.name for face in faces("Ångström Ж Ω 2026 ❤")] == ["Inter"]


@pytest.mark.parametrize(
    ("text", "name"), [("東京タワー", "JP"), ("日の", "JP"), ("新聞 뉴스", "KR"), ("ㄅ新", "TC")]
)
def test_han_beside_kana_hangul_or_bopomofo_needs_no_language(text: str, name: str) -> None:
    assert faces(text)[1].name == f"Noto Sans CJK {name}"


def test_brackets_beside_latin_are_of_the_languages_font() -> None:
    assert [face.name for face in faces("「Hello」、", "ko")] == ["Inter", "Noto Sans CJK KR"]
    assert [face.name for face in faces("Hello،", "")] == ["Inter", "Noto Sans Arabic"]


@pytest.mark.parametrize("language", ["", "en", "ar"])
def test_han_alone_needs_a_language(language: str) -> None:
    with pytest.raises(JobError, match=r"title\.language: .*Han.*zh-Hans, zh-Hant, ja or ko.*U\+76F4"):
        faces("直", language)


def test_the_same_han_character_is_drawn_as_each_language_writes_it() -> None:
    drawn = {
        language: set_type(
            TextSpec("直骨", 900, 1, language=language), [FontSpec(None, 90)]
        ).ink.coverage.tobytes()
        for language in ("ja", "zh-Hans", "zh-Hant")
    }
    assert len(set(drawn.values())) == 3


@pytest.mark.parametrize(("asked", "had"), [(650, 650), (100, 400), (900, 700)])
def test_the_weight_is_the_nearest_that_the_font_has(asked: float, had: float) -> None:
    assert faces("שלום", "he", weight=asked)[1].weight == had


def test_a_family_is_chosen_by_name() -> None:
    face = Typeface(FontSpec(None, 50, family="Noto Sans CJK KR", place="title"))
    assert (face.name, face.face.index, face.weight) == ("Noto Sans CJK KR", 1, 600)
    with pytest.raises(JobError, match=r"title\.family: unknown font family.*'Noto Sans Hebrew'\?"):
        Typeface(FontSpec(None, 50, family="Noto Sans Hebru", place="title"))
    with pytest.raises(JobError, match=r"outside the font's wght axis; expected 400 to 700, got 800"):
        Typeface(FontSpec(None, 50, 800, family="Noto Sans Hebrew"))


@pytest.mark.parametrize("text", ["שלום", "今日は", "👩‍👩‍👧‍👦"])
def test_without_the_extra_the_error_says_how_to_install_it(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = families._folder
    monkeypatch.setattr(families, "_folder", lambda package: whole(package) if package == CORE else None)
    with pytest.raises(JobError, match=r"title\.text: no font has.*pip install 'answerprint\[fonts\]'"):
        faces(text)
    with pytest.raises(JobError, match=r"not installed.*pip install 'answerprint\[fonts\]'"):
        Typeface(FontSpec(None, 50, family="Noto Sans Thai"))


def test_a_character_that_no_font_has_stops_the_job_and_installing_is_not_advised() -> None:
    with pytest.raises(JobError, match=r"title\.text: no font has.*U\+12000 CUNEIFORM SIGN A") as fault:
        faces("\U00012000")
    assert "pip" not in str(fault.value)


def test_an_emoji_that_no_font_joins_into_one_picture_is_an_error() -> None:
    """Its parts alone would be another picture than the one that was meant."""
    with pytest.raises(JobError, match="no font has this character"):
        faces("\U0001f600\u200d\U0001f697")


def test_every_family_is_what_its_file_says() -> None:
    for family in FAMILIES.values():
        face = Typeface(FontSpec(None, 20, family=family.name, nearest=True)).face
        said = str(face.get_name(1)).removesuffix(" Light")
        assert family.name.removesuffix(" Italic") == said
        assert "OFL" in str(face.get_name(13)) or "Open Font License" in str(face.get_name(13))


def test_a_family_covers_the_scripts_it_is_the_fallback_for() -> None:
    assert [f.name for f in families_for("Hani", "SC")] == ["Noto Sans CJK SC"]
    assert families_for("Xsux", "") == []
