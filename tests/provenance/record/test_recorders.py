"""Records made of services' requests and answers."""

from __future__ import annotations

import copy
import hashlib
import json
import tracemalloc
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from post.errors import JobError, SourceError
from provenance.record import RECORDERS, GeneratorRecord, record
from provenance.record.secrets import remove_secrets
from provenance.record.strict_json import read_bytes
from tests.made.work import check_growth, count_lines
from tests.provenance.record import answers
from tests.provenance.record.answers import PROMPT, SIGNED_URL


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"a film")
    return path


def known(made: GeneratorRecord) -> dict[str, tuple[str, str]]:
    """Returns each field with its last value and how that is known."""
    return {row.field: (row.value, row.how) for row in made.known}


def test_veo_by_its_sdk_tells_the_request_as_recorded_and_the_answer_as_asserted(clip: Path) -> None:
    assert known(record(answers.VEO_ASKED, answers.VEO_TOLD, clip)) == {
        "provider": ("veo", "recorded"),
        "prompt": (PROMPT, "recorded"),
        "negative_prompt": ("text, logos", "recorded"),
        "seed": ("41", "recorded"),
        "duration": ("8", "recorded"),
        "job_id": ("models/veo-3.1-generate-preview/operations/f0o1b2a3r4", "provider-asserted"),
        "model": ("veo-3.1-generate-preview", "provider-asserted"),
    }


def test_veo_by_rest_tells_the_same_as_by_its_sdk(clip: Path) -> None:
    ours = {k: v for k, v in known(record(answers.VEO_ASKED, answers.VEO_TOLD, clip)).items() if k != "model"}
    rest = known(record(answers.VEO_REST_ASKED, answers.VEO_REST_TOLD, clip))
    assert {name: rest[name] for name in ours} == ours


def test_vertex_names_its_model_in_the_operation(clip: Path) -> None:
    made = record(None, answers.VERTEX_TOLD, clip)
    assert known(made)["model"] == ("veo-3.0-generate-001", "provider-asserted")
    assert known(made)["provider"] == ("veo", "provider-asserted")


def test_runway_answers_no_prompt_and_no_seed(clip: Path) -> None:
    told = known(record(None, answers.RUNWAY_TOLD, clip))
    assert set(told) == {"provider", "job_id", "created"}
    both = known(record(answers.RUNWAY_ASKED, answers.RUNWAY_TOLD, clip))
    assert both["seed"] == ("4294967295", "recorded")
    assert both["prompt"] == (PROMPT, "recorded")
    assert both["size"] == ("1280:720", "recorded")


def test_luma_echoes_the_request_which_is_still_only_asserted(clip: Path) -> None:
    told = known(record(None, answers.LUMA_TOLD, clip))
    assert told["prompt"] == (PROMPT, "provider-asserted")
    assert told["parent"] == ("7d4e", "provider-asserted")
    assert told["model"] == ("ray-2", "provider-asserted")


def test_openais_seconds_since_1970_are_dates(clip: Path) -> None:
    told = known(record(None, answers.OPENAI_TOLD, clip))
    assert told["created"][0] == "2025-09-27T02:51:25Z"
    assert told["parent"][0] == "video_1234"


def test_comfyui_follows_the_graph_to_what_was_sampled(clip: Path) -> None:
    told = known(record(None, answers.COMFY_TOLD, clip))
    assert told["job_id"][0] == "0a1b2c"
    assert (told["prompt"][0], told["negative_prompt"][0]) == (PROMPT, "blurry")
    assert (told["model"][0], told["model.2"][0]) == (
        "wan2.2_t2v_high.safetensors",
        "wan2.2_t2v_low.safetensors",
    )
    assert (told["seed"][0], told["seed.2"][0]) == ("8566257", "0")
    assert "vae" not in str(told)
    asked = record(answers.COMFY_ASKED, {"prompt_id": "0a1b2c", "number": 3, "node_errors": {}}, clip)
    assert known(asked)["seed"] == ("8566257", "recorded")
    assert known(asked)["job_id"] == ("0a1b2c", "provider-asserted")


def test_two_samplers_do_not_contradict_each_other(clip: Path) -> None:
    assert record(answers.COMFY_ASKED, answers.COMFY_TOLD, clip).conflicts == ()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("veo", answers.VEO_TOLD),
        ("veo", answers.VEO_REST_TOLD),
        ("veo", answers.VERTEX_TOLD),
        ("veo", answers.VEO_TOLD["response"]["generated_videos"][0]),
        ("runway", answers.RUNWAY_TOLD),
        ("luma", answers.LUMA_TOLD),
        ("openai", answers.OPENAI_TOLD),
        ("comfyui", answers.COMFY_TOLD),
        ("comfyui", answers.GRAPH),
    ],
)
def test_each_answer_is_one_services(name: str, told: Any) -> None:
    assert [each.name for each in RECORDERS.values() if each.fits(told)] == [name]


@pytest.mark.parametrize("told", [{}, [], "x", 3, None, {"seed": 4}, {"id": [], "status": {}}, [[[]]]])
def test_an_answer_of_nobody_known_is_refused_by_name(told: Any, clip: Path) -> None:
    with pytest.raises(JobError, match="which service"):
        record(None, told, clip)


def test_a_named_provider_is_not_guessed(clip: Path) -> None:
    assert known(record({"prompt_text": "x"}, {}, clip, provider="runway"))["prompt"] == ("x", "recorded")
    with pytest.raises(JobError, match="no such provider"):
        record(None, {}, clip, provider="sora")


def test_the_answer_and_the_request_may_contradict_and_both_are_kept(clip: Path) -> None:
    told = copy.deepcopy(answers.OPENAI_TOLD)
    made = record({"model": "sora-2-pro", "prompt": PROMPT + "  "}, told, clip)
    (conflict,) = made.conflicts
    assert str(conflict) == "model: recorded says 'sora-2-pro' but provider-asserted says 'sora-2'"
    assert [row.value for row in made.known if row.field == "model"] == ["sora-2-pro", "sora-2"]


def test_the_file_is_hashed_and_must_be_there(clip: Path) -> None:
    made = record(None, answers.OPENAI_TOLD, clip)
    assert (made.sha256, made.bytes) == (hashlib.sha256(b"a film").hexdigest(), 6)
    with pytest.raises(SourceError):
        record(None, answers.OPENAI_TOLD, clip.with_name("gone.mp4"))


def test_of_an_archive_the_clip_named_by_its_id_is_taken(clip: Path) -> None:
    listed = {"object": "list", "data": [{**answers.OPENAI_TOLD, "id": "video_aa"}, answers.OPENAI_TOLD]}
    named = clip.rename(clip.with_name(f"{answers.OPENAI_TOLD['id']}.mp4"))
    assert known(record(None, listed, named))["job_id"][0] == answers.OPENAI_TOLD["id"]
    with pytest.raises(JobError, match="several clips"):
        record(None, listed, named.rename(named.with_name("shot.mp4")))


SECRETS = [
    ("api_key", "sk-" + "a" * 40),
    ("Authorization", "Bearer abcdefghijklmnopqrstuvwx"),
    ("headers", {"x-goog-api-key": "AIza" + "B" * 35}),
    ("note", "use key_" + "0" * 64 + " for it"),
    ("note", "luma-01234567-89ab-cdef-0123-456789abcdef"),
    ("cookies", [{"value": "x", "password": "hunter2hunter2"}]),
    ("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"),
    ("url", "https://me:hunter2hunter2@host.example/x"),
    ("url", "https://host.example/done#access_token=hunter2hunter2&state=1"),
    ("url", SIGNED_URL),
    ("aws", "AKIAIOSFODNN7EXAMPLE"),
    ("client_secret", "hunter2hunter2"),
]
LEAKS = (
    "sk-a",
    "abcdefghijklmnop",
    "AIza",
    "key_00",
    "luma-0123",
    "hunter2",
    "eyJ",
    "X-Amz",
    "AKIA",
    "topsecret",
)


@pytest.mark.parametrize(("name", "value"), SECRETS)
@pytest.mark.parametrize("where", ["asked", "told", "prompt"])
def test_no_secret_is_kept(name: str, value: Any, where: str, clip: Path) -> None:
    asked, told = dict(answers.RUNWAY_ASKED), dict(answers.RUNWAY_TOLD)
    {"asked": asked, "told": told}.get(where, asked)[name] = value
    if where == "prompt":
        asked["promptText"] = (
            f"a dog {value}" if isinstance(value, str) and name != "client_secret" else "a dog"
        )
    text = repr(record(asked, told, clip))
    assert [leak for leak in LEAKS if leak in text] == []


def test_words_that_only_look_like_secrets_stay(clip: Path) -> None:
    prompt = "A standard Bearer marching; key_frames, a token of love, sk-8 boards. Who? Me! http://a/b"
    made = record({**answers.RUNWAY_ASKED, "promptText": prompt}, answers.RUNWAY_TOLD, clip)
    assert made.of("prompt") == prompt


def test_an_address_keeps_what_names_the_file(clip: Path) -> None:
    made = record(answers.RUNWAY_ASKED, answers.RUNWAY_TOLD, clip)
    assert dict(made.other)["response.output.0"] == "https://storage.example.com/out/clip.mp4"
    assert dict(made.other)["request.promptImage"] == "(data)"


def test_what_has_no_meaning_here_is_kept_within_bounds(clip: Path) -> None:
    told = {**answers.RUNWAY_TOLD, **{f"field{n}": "x" * 10_000 for n in range(10_000)}}
    other = record(None, told, clip).other
    assert len(other) <= 65
    assert sum(len(name) + len(value) for name, value in other) < 20_000
    assert other[-1] == ("more", "left out: too much to keep")


def test_a_value_used_does_not_hide_another_that_is_equal(clip: Path) -> None:
    made = record({**answers.RUNWAY_ASKED, "steps": 5}, answers.RUNWAY_TOLD, clip)
    assert known(made)["duration"][0] == dict(made.other)["request.steps"] == "5"


ANSWERS = {name: told for name, told in vars(answers).items() if name.isupper() and isinstance(told, dict)}


@pytest.mark.parametrize("name", ANSWERS)
def test_wrong_types_anywhere_end_in_no_crash(name: str, clip: Path) -> None:
    told = ANSWERS[name]
    wrongs: tuple[Any, ...] = (None, 1, [], {}, "x", [{}], {"a": []}, True, 1e400, "\ud800\x00\x1b[31m")
    for wrong in wrongs:
        for key in told:
            for provider in RECORDERS:
                made = record({**told, key: wrong}, {**told, key: wrong}, clip, provider=provider)
                json.dumps([made.known, made.other]).encode()
                assert "\x1b" not in repr(made.known).replace("\\x1b", "\x1b")


@pytest.mark.parametrize("part", ["ab://", "ab://x@", "eyJaaaaaa.", "eyJabc-", "Bearer ", "data:a;base64,"])
def test_text_that_looks_like_a_thousand_secrets_is_gone_over_once(part: str) -> None:
    check_growth(lambda count: remove_secrets(part * count), 250)


def test_a_prompt_of_a_thousand_secrets_is_recorded(clip: Path) -> None:
    asked = {**answers.RUNWAY_ASKED, "promptText": "ab://x@" * 5000}
    assert record(asked, answers.RUNWAY_TOLD, clip).of("prompt")


@pytest.mark.parametrize("end", [b"", b"\\"])
def test_json_that_ends_within_a_string_is_gone_over_once(end: bytes) -> None:
    def read(count: int) -> None:
        with pytest.raises(JobError, match="no record can be read"):
            read_bytes(b'{"' + b'\\"' * count + end, "tag")

    check_growth(read, 100)


def test_a_long_list_under_long_names_takes_no_memory_for_each(clip: Path) -> None:
    told: Any = [""] * 50_000
    for level in range(50):
        told = {f"{level:02}{'x' * 78}": told}
    tracemalloc.start()
    try:
        made = record(None, {**answers.RUNWAY_TOLD, "more": told}, clip)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
    assert made.of("provider") == "runway"


@pytest.mark.parametrize(
    "told",
    [
        {"credentials": {"a" * 80: {"b" * 80: {"c" * 80: "hush"}}}},
        {"x" * 90 + "_api_key": "hush"},
        {"headers.token": "hush"},
        {"sk-hushhushhushhushhush": 1},
    ],
    ids=["far above", "a long name", "a dotted name", "as a name"],
)
def test_a_secret_is_left_out_however_its_name_is_cut(told: dict[str, Any], clip: Path) -> None:
    assert "hush" not in repr(record(None, {**answers.RUNWAY_TOLD, **told}, clip))


def test_a_graph_of_loops_ends() -> None:
    from provenance.record import comfy

    def graph(size: int) -> dict[str, Any]:
        return {
            str(n): {
                "class_type": "CLIPTextEncode",
                "inputs": {"positive": [str((n + 1) % size), 0], "text": [str(n)]},
            }
            for n in range(size)
        }

    once, twice = (count_lines(partial(comfy.read_fields, graph(size))) for size in (300, 600))
    assert once > 300
    assert twice < 2.1 * once
    comfy.read_fields(graph(3000))
