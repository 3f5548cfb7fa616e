"""Elements of an FCPXML file that show or play one thing: files, generators, titles and captions."""

from __future__ import annotations

from dataclasses import replace

from post.handoff.fcpxml.found import CLIP_KEY, TITLE_KEY, FoundStory, own_metadata
from post.handoff.fcpxml.looks import decibels, lose_looks, role_of, stacked
from post.handoff.fcpxml.place import Place, PlacedTime
from post.handoff.fcpxml.resources import StoryAsset
from post.handoff.fcpxml.times import time_of
from post.handoff.found import HeardSound, ShownTitle
from post.handoff.layers import TrackPiece
from post.handoff.markup.xml_tree import XmlElement
from post.handoff.own_keys import made_media
from post.handoff.timeline import ClipAudio


def asset_clip(found: FoundStory, item: XmlElement, place: Place, timed: PlacedTime) -> TrackPiece | None:
    """A clip of one file: its picture, its sound, or both."""
    asset = found.resources.assets.get(item.get("ref"))
    if asset is None:
        found.refuse(item, f"it refers to no asset: {item.get('ref')!r}")
        return None
    enabled = item.get("srcEnable", "all")
    if not asset.media.picture or enabled == "audio":
        _heard(found, item, asset, place, timed, item.get("audioRole"))
        return None
    audio = ClipAudio(0, 0, decibels(item), enabled == "video" or not asset.media.sound, pitch=_pitch(item))
    return _seen(found, item, asset, place, timed, _split(found, item, timed, audio, place))


def video(found: FoundStory, item: XmlElement, place: Place, timed: PlacedTime) -> TrackPiece | None:
    """The picture of a file, or a generator's."""
    asset = found.resources.assets.get(item.get("ref"))
    if asset is not None:
        return _seen(found, item, asset, place, timed, ClipAudio(mute=True))
    effect = found.resources.effects.get(item.get("ref"))
    name = effect.get("name") if effect is not None else item.get("ref")
    found.refuse(item, f"the generator {name!r} is drawn by the editor; render it to a clip first")
    return None


def audio(found: FoundStory, item: XmlElement, place: Place, timed: PlacedTime) -> None:
    """The sound of a file."""
    asset = found.resources.assets.get(item.get("ref"))
    if asset is None:
        found.refuse(item, f"it refers to no asset: {item.get('ref')!r}")
    else:
        _heard(found, item, asset, place, timed, item.get("role"))


def gap(found: FoundStory, item: XmlElement, place: Place, timed: PlacedTime) -> TrackPiece | None:
    """Shows nothing, or a picture of ours that is made, which its metadata tells of."""
    own = own_metadata(item, CLIP_KEY)
    shown = place.within(timed.first, timed.stop)
    if not own or shown.first == shown.stop:
        return None
    media, name = made_media(own), str(own.get("id") or item.get("name"))
    piece = TrackPiece(
        name, media, shown.first, shown.stop, found.where(item), place.height, metadata=own, id=name,
        notes=item.word("note"),
    )  # fmt: skip
    found.pieces.append(piece)
    return piece


def title(found: FoundStory, item: XmlElement, place: Place, timed: PlacedTime) -> None:
    """Type over the picture, or over black where it lies in the primary storyline."""
    shown = place.within(timed.first, timed.stop)
    text = "\n".join(line for block in item.all("text") if (line := block.all_text.strip()))
    own = own_metadata(item, TITLE_KEY)
    if shown.first < shown.stop and text:
        found.titles.append(ShownTitle(item.get("name"), text, shown.first, shown.stop, own))
    if not text:
        found.lose("title", item, "it says nothing")
    elif not own:
        found.lose("title style", item, "its text is kept; its font, size and motion are the house's")


def caption(found: FoundStory, item: XmlElement, _place: Place, _timed: PlacedTime) -> None:
    """A caption. A job takes captions from a file of their own."""
    text = " ".join(block.all_text.strip() for block in item.all("text"))
    found.lose("caption", item, f"export captions as a file of their own: {text!r}")


def _seen(
    found: FoundStory, item: XmlElement, asset: StoryAsset, place: Place, timed: PlacedTime, audio: ClipAudio
) -> TrackPiece | None:
    """Adds the picture of a file."""
    if stacked(found, item, place.height):
        return None
    lose_looks(found, item)
    shown = place.within(timed.first, timed.stop)
    if shown.first == shown.stop:
        return None
    keys = tuple(
        replace(
            key, at=timed.first + (key.at - timed.start) * place.scale, source=key.source - asset.start,
            lead=key.lead * place.scale, lag=key.lag * place.scale,
        )
        for key in timed.keys
    )  # fmt: skip
    speed = timed.speed / place.scale
    source = timed.start - asset.start + (shown.first - timed.first) * speed
    own = own_metadata(item, CLIP_KEY)
    note = item.word("note")
    piece = TrackPiece(
        name=item.get("name") or asset.media.name, media=asset.media, first=shown.first, stop=shown.stop,
        where=found.where(item), height=place.height, source=source, speed=speed, keys=keys,
        sampling=timed.sampling, audio=audio, notes=note, metadata=own, id=str(own.get("id") or ""),
        keywords=tuple(dict.fromkeys(each.get("value") for each in item.all("keyword"))),
    )  # fmt: skip
    found.pieces.append(piece)
    return piece


def _heard(
    found: FoundStory, item: XmlElement, asset: StoryAsset, place: Place, timed: PlacedTime, role: str
) -> None:
    """Adds the sound of a file that lies beside the picture."""
    shown = place.within(timed.first, timed.stop)
    if timed.keys:
        found.refuse(item, "a sound that is retimed apart from its picture; render it first")
    elif shown.first < shown.stop:
        source = timed.start - asset.start + (shown.first - timed.first) / place.scale
        found.sounds.append(
            HeardSound(
                asset.media, shown.first, shown.stop, source, role_of(role), decibels(item),
                found.where(item),
                metadata=own_metadata(item, CLIP_KEY),
            )
        )  # fmt: skip


def _split(
    found: FoundStory, item: XmlElement, timed: PlacedTime, audio: ClipAudio, place: Place
) -> ClipAudio:
    """Returns a clip's sound with the frames that it leads and lags its picture by (J and L cuts)."""
    if not item.get("audioStart") or not item.get("audioDuration"):
        return audio
    first = time_of(item, "audioStart", found.resources.label)
    stop = first + time_of(item, "audioDuration", found.resources.label)
    length = (timed.stop - timed.first) / place.scale
    lead, lag = (timed.start - first) * place.rate, (stop - timed.start - length) * place.rate
    return replace(audio, lead=round(lead), lag=round(lag))


def _pitch(item: XmlElement) -> str:
    found = item.child("timeMap")
    if found is None:
        return ""
    return "tape" if found.get("preservesPitch") == "0" else "keep"
