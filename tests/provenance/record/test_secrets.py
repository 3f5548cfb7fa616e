"""Secrets leave texts and addresses, in one pass; what only looks like one stays."""

from __future__ import annotations

import pytest

from provenance.record.secrets import is_secret_name, remove_all_secrets, remove_row_secrets, remove_secrets
from tests.made.work import check_growth

LONG = "a" * 5000
SAS = "https://acc.blob.core.windows.net/c/dog.mp4?sv=2024-11-04&sig=hushhush%3D&se=2026"


@pytest.mark.parametrize(
    "text",
    [
        "VAULT_TOKEN=hush",
        "password=hush and more",
        f"{'x' * 90}_TOKEN=hush",
        "DefaultEndpointsProtocol=https;AccountKey=hush==;End",
        SAS,
        f"https://host.example/{LONG}?X-Amz-Signature=hush",
        f"https://{LONG}:hush@host.example/",
        "https://me:hu/sh@host.example/hush@x".replace("hush@x", "x"),
        "https://proxy.example/https://me:hush@host.example/",
        f"{'a' * 40}://me:hush@host.example/",
        "https://host.example/?a='b'&sig=hush",
        "github_pat_hushhushhushhushhush11",
        "glpat-hushhushhushhush",
        "xoxb-hush-hush-hush",
        "r8_hushhushhushhushhush",
        "hf_hushhushhushhushhush",
    ],
)
def test_a_secret_leaves_any_text(text: str) -> None:
    assert "hu" not in remove_secrets(text).replace("github", "")
    assert "hu" not in remove_all_secrets(text).replace("github", "")


@pytest.mark.parametrize(
    "text",
    [
        'passphrase: "hush two"',
        "pwd: hush",
        "api-key = hush",
        "Authorization: Token hush",
        '{\\"password\\":\\"hush\\",\\"n\\":1}',
        "sas: hush",
        "bearer hushhush",
    ],
)
def test_a_secret_that_is_named_leaves_all_text_but_prompts(text: str) -> None:
    assert "hush" not in remove_all_secrets(text)
    assert remove_row_secrets("prompt", text, prompt=True) == text
    assert "hush" not in remove_row_secrets("comment", text)
    assert remove_row_secrets("api_key", "hush", prompt=True) == "(left out)"


@pytest.mark.parametrize(
    "text",
    [
        "a sign that says password: open sesame",
        "a=b, x == y, steps=20; seed=7; max_tokens=5, eos_token=2",
        "http://host.example:8080/a/@me/b.mp4 and https://[::1]:80/x",
        "two to one 2:1 at 24/1, mail me@host.example",
    ],
)
def test_what_only_looks_like_a_secret_stays(text: str) -> None:
    assert remove_secrets(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "The Last Cookie: A Story",
        "Push pin: red",
        "Secret: nobody knows",
        "Token: basic income, a film",
        "rk-3588-board-close-up.mp4",
        "sk-ateboarders-in-the-sunset",
        "pk-rides-home-at-the-end-of-2024.mov",
    ],
)
def test_words_of_a_text_stay(text: str) -> None:
    assert remove_all_secrets(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Cookie: s=hush",
        "secret: hush12",
        "Token: hushHush",
        "pin: 4hu1",
        "pin=hush",
        '"secret": "hush"',
        "client_secret: hush",
        "sk-hushHushhushhush1",
        "sk-" + "hu5" * 11,
        "sk-or-v1-" + "0123456789hu" * 5,
        "pk-hush-Hush-hush-hush-1",
    ],
)
def test_what_looks_like_a_token_leaves_text(text: str) -> None:
    assert "hu" not in remove_all_secrets(text)


def test_a_title_keeps_its_words_and_no_key() -> None:
    for name in ("title", "info.description"):
        assert remove_row_secrets(name, "Password: Open Sesame") == "Password: Open Sesame"
        assert remove_row_secrets(name, "VAULT_TOKEN=hush") == "VAULT_TOKEN=(left out)"
    for name in ("time_signature", "end_token", "music.keySignature"):
        assert remove_row_secrets(name, "4/4") == "4/4"
    assert remove_row_secrets("backend_token", "4/4") == "(left out)"


def test_names_of_secrets_are_known_however_they_are_written() -> None:
    names = "VAULT_TOKEN passphrase pwd db-pwd api-key X-Amz-Signature X-Amz-Security-Token sig clientSecret FAL_KEY"
    assert [name for name in names.split() if not is_secret_name(name)] == []
    assert [
        name
        for name in ["seed", "model", "eos_token", "tokens", "design", "key_frames"]
        if is_secret_name(name)
    ] == []


@pytest.mark.parametrize(
    "part",
    [
        "://",
        "a://b:",
        "://a@",
        "://a/@",
        'a=\\"',
        "a_token=",
        'a\\\\"',
        "x=",
        "sig",
        "xoxb-",
        "@",
        "sk-",
        "Pin: a",
    ],
)
def test_text_is_gone_over_once(part: str) -> None:
    check_growth(lambda count: remove_all_secrets(part * count), 250)
