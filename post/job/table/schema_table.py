"""Lists what a job file may hold, in one table for the loader, the JSON schema and the reference.

A key is a Knob (one value) or a Part (with keys of its own). A form with stages also takes their knobs as keys.
"""

from __future__ import annotations

from post.job.table.balance_table import FIGURES, HERO, WHEN
from post.job.table.brief_table import BRIEF_FORMS
from post.job.table.design_table import DESIGN_FORMS
from post.job.table.disclosure_table import DISCLOSURE_FORMS, DISCLOSURE_KEYS
from post.job.table.form import Form, Part
from post.job.table.framing_table import AUTO_FOCUS, FILL, FOCUS, FRAMING_FORMS, REFRAME
from post.job.table.provenance_table import PROVENANCE_FORMS
from post.job.table.signoff_table import SIGNOFF_FORMS, SIGNOFF_KEYS
from post.job.table.type_table import AT, ID, PRESET, TYPE_FORMS
from post.job.table.version_table import VERSION_FORMS
from post.knob import Knob
from post.values.files.film_container import FILM_CONTAINERS, LAYOUTS, SOUND_CODECS
from post.values.warning import ALLOWABLE

SCHEMA, NONE = "Job.2", "none"


def _text(doc: str) -> Knob:
    return Knob(doc, "text")


def _time(doc: str) -> Knob:
    return Knob(doc, "duration")


def _pick(doc: str, *choices: str) -> Knob:
    return Knob(doc, "choice", choices=choices)


_LENGTH = _time("how long it lasts; to the end where not given")
_LAID = {
    "id": ID,
    "file": _text("a sound file"),
    "at": AT,
    "in": _time("where in its own file it starts"),
    "length": _time("how long it plays; to its end or the film's where not given"),
}
_SPACE = _text("a camera's encoding, such as arri-logc3")
_METHOD = _text("a method, such as bt2390")
_PIXELS = Knob("pixels, even", "whole", 16, 16384)
_RATE_OF_FRAMES = _text("frames a second of an image sequence, as `clock` is written; the film's by default")
_HANDLES = _pick(
    "a take too short for its shot or transition: refuse, with what could be done, or auto: the least change, "
    "where half at most is lacking", "refuse", "auto",
)  # fmt: skip
_WHEN = _pick("always, or auto: where measuring the clip finds it needed", "always", "auto")
_WARNING = _pick("the warning, by its code", *ALLOWABLE)
_DISSOLVE = _time("a dissolve this long")
_REPAIR = Part("repair", "what to mend in the clip itself; one word stands for all", none=True, short=_WHEN)
_TOKENS = Part("tokens", "the brand's colours, fonts and numbers, which layers name as $NAME", preset="brand")

FORMS: dict[str, Form] = {
    "job": Form(
        "A job: what is wanted, of which takes, in which versions",
        {
            "schema": _pick("the version of this form", SCHEMA),
            "title": _text("what the film is called, in its credentials too"),
            "clock": _text("frames a second: 24, 25, 30, 50, 60, 23.976, 29.97, 59.94 or 30000/1001"),
            "house": Part("house", "the house style: a preset's name, or a path to one", preset="house"),
            "brief": _text("the motion brief, a YAML file: beats, formats, rules"),
            "takes": Part("take", "the clips, by name", "map", short=_text("a path")),
            "cut": Part("cut", "the shots, in order", "list"),
            "ending": Part("transition", "the film's own fade out: a transition to black", short=_DISSOLVE),
            "handles": _HANDLES,
            "repair": _REPAIR,
            "match": Part("match", "bring every shot to one's colour", none=True, short=HERO),
            "look": Part("look", "over the house look", preset="look", none=True),
            "optics": Part("optics", "over the house optics", preset="optics", none=True),
            "grain": Part("grain", "over the house grain", preset="grain", none=True),
            "tokens": _TOKENS,
            "type": Part("type", "over the house title style", preset="type"),
            "titles": Part("title", "type on the film", "list"),
            "captions": Part("caption", "what is said, from caption files", "list"),
            "label": Part("label", "the visible AI label", "some", preset="label", none=True),
            "brand": Part("brand", "logos, animations and clips over the picture, end cards", "list"),
            "bug": Part("bug", "a logo", "some", none=True),
            "sound": Part("sound", "voice, music, effects, room tone, loudness"),
            "deliver": Part("deliver", "the files to make", "list", preset="deliver"),
            "provenance": Part("provenance", "how the files are signed"),
            "allow": Part("allow", "warnings that are meant to be so", "list", short=_WARNING),
            "versions": Part("versions", "the versions of the film: languages, lengths, hooks, tones"),
            **DISCLOSURE_KEYS,
            **SIGNOFF_KEYS,
        },
        required=("schema", "title", "clock", "takes", "cut", "deliver"),
    ),
    "house": Form(
        "A house style",
        {
            "preset": PRESET,
            "repair": _REPAIR,
            "look": Part("look", "the grade", preset="look", none=True),
            "optics": Part("optics", "what lens and film do to light", preset="optics", none=True),
            "grain": Part("grain", "the film grain", preset="grain", none=True),
            "tokens": _TOKENS,
            "type": Part("type", "the title style", preset="type"),
            "label": Part("label", "the visible AI label", "some", preset="label", none=True),
            "bug": Part("bug", "a logo", "some", none=True),
            "loudness": Part("loudness", "the loudness profile", preset="sound"),
            "balance": Part("balance", "what its finished shots measure", none=True),
        },
    ),
    "balance": Form("What a finished shot of the house measures, for `match: house`; any of these", FIGURES),
    "take": Form(
        "A clip, a still, an animation, an image sequence, or a picture that is made here",
        {
            "file": _text("its path; of an image sequence its pattern, such as frame_%04d.png"),
            "beat": _text("what of the brief it was made for, by the id of the beat"),
            "tags": Part("take-tags", "what differs from other takes: {framing: wide}"),
            "rate": _RATE_OF_FRAMES,
            "make": _pick(
                "in place of a file: a picture that is made here", "black", "colour", "bars", "slate"
            ),
            "fill": Knob("the colour that is made, or that lies behind what is transparent; black", "hex"),
            "text": _text("what a slate says; a line break in it is kept"),
            "sha256": _text("what its content was when it was taken in; another content is refused"),
            "colour": _pick("what its file should have said of its colour", "bt709", "bt601", "bt2020"),
            "range": _pick("what its file should have said of its range", "limited", "full"),
            "accept": _text("the reason for taking it although its credentials fail; it is declared"),
            "camera": Knob("it was shot with a camera, not generated", "switch"),
            "graphic": Knob("it was drawn by people (an end card, a logo), not generated", "switch"),
            "develop": Part("develop", "how its camera encoded it, where not as video", short=_SPACE),
            "tone_map": Part("tone-map", "how it is fitted to Rec.709, where it is HDR", short=_METHOD),
            "generator": Part("generator", "how it was generated, as far as known"),
        },
    ),
    "generator": Form("How a clip was generated: model, prompt, seed and the like", open=True),
    "cut": Form(
        "A shot",
        {
            "id": _text("its address, where the take's name will not do; editors' changes are matched by it"),
            "name": _text("the same as id"),
            "take": _text("the clip, by its name under takes"),
            "in": _time("where in the take it starts; its beginning where not given"),
            "out": _time("where in the take it ends"),
            "length": _time("how long the shot lasts in the film, in place of out"),
            "fit": _text(
                "a time, such as 3s: the shot lasts so long, by one factor over its speeds; or fill | fit: how its "
                "picture fills the frame"
            ),
            "focus": FOCUS,
            "reframe": REFRAME,
            "match": Part("match", "what this shot is matched to", none=True, short=HERO),
            "look": Part("look", "over the house look, for this shot", preset="look", none=True),
            "optics": Part("optics", "over the house optics, for this shot", preset="optics", none=True),
            "repair": _REPAIR,
            "stages": Part("stage", "other stages, as {stage: NAME, its knobs}, in order", "list"),
            "sound": Part("clip-sound", "the clip's own sound"),
            "handles": _HANDLES,
            "transition": Part("transition", "the way into it; of the first, out of black", short=_DISSOLVE),
        },
        stages=("retime", "reframe"),
        required=("take",),
    ),
    **FRAMING_FORMS,
    "stage": Form("A stage by name", {"stage": _text("its name")}, required=("stage",), open=True),
    "transition": Form(
        "A transition",
        {"stage": _text("its stage; dissolve where not given"), "length": _time("how long it is")},
        required=("length",),
        open=True,
    ),
    "match": Form(
        "Matching a shot's colour to a reference",
        {
            "to": HERO,
            "file": _text("a still or a clip to match, in place of a shot"),
            "when": WHEN,
            "strength": Knob("how much of what matching finds right: 0 none, 1 all", "number", 0, 1),
        },
    ),
    "develop": Form("A camera's log picture, made into one for a display", stages=("develop",)),
    "tone-map": Form("An HDR picture, fitted to Rec.709", stages=("tone-map",)),
    "look": Form("The grade", {"preset": PRESET}, stages=("look",)),
    "optics": Form(
        "What lens and film do to light, in the order light meets them",
        {
            "preset": PRESET,
            "bloom": Part("bloom", "light scattered around what is bright", none=True),
            "soften": Part("soften", "detail taken back", none=True),
            "vignette": Part("vignette", "darker corners", none=True),
            "halation": Part("halation", "a warm glow around lights", none=True),
        },
    ),
    "bloom": Form("Bloom", stages=("bloom",)),
    "soften": Form("Softening", stages=("soften",)),
    "vignette": Form("A vignette", stages=("vignette",)),
    "halation": Form("Halation", stages=("halation",)),
    "repair": Form(
        "What to mend in a clip itself, before anything else is done to it",
        {
            "deflicker": Part("deflicker", "exposure and balance held still", none=True, short=_WHEN),
            "degrain": Part("degrain", "grain averaged away along the motion", none=True, short=_WHEN),
            "deband": Part("deband", "bands of a gradient filled in", none=True, short=_WHEN),
        },
    ),
    "deflicker": Form("Deflicker", {"when": _WHEN}, stages=("deflicker",)),
    "degrain": Form("Degrain", {"when": _WHEN}, stages=("degrain",)),
    "deband": Form("Deband", {"when": _WHEN}, stages=("deband",)),
    "grain": Form("Film grain", {"preset": PRESET}, stages=("grain",)),
    **TYPE_FORMS,
    "label": Form(
        "The visible AI label",
        {"preset": PRESET, "id": ID, "at": AT, "length": _LENGTH},
        stages=("label",),
    ),
    "brand": Form(
        "A brand element",
        {
            "id": ID,
            "at": AT,
            "length": _LENGTH,
            "last": _time("how long it lasts at the end of the film, in place of `at` and `length`"),
        },
        stages=("graphic",),
    ),
    "bug": Form(
        "A logo, over titles too",
        {"id": ID, "at": AT, "length": _LENGTH},
        stages=("graphic",),
        renamed={"image": "file"},
    ),
    "clip-sound": Form("A clip's own sound", stages=("clip-sound",)),
    "sound": Form(
        "The mix",
        {
            "voice": Part("voice", "voice-over", "list"),
            "dialogue": Part("dialogue", "what people in the picture say, recorded apart", "list"),
            "music": Part("music", "music beds", "list"),
            "ambience": Part("ambience", "sounds of places", "list"),
            "effects": Part("effect", "sound effects", "list"),
            "tone": Part("tone", "room tone where shots have no sound"),
            "room": Part("room", "the room that sounds are sent to"),
            "loudness": Part("loudness", "over the house's profile", preset="sound"),
            "rate_hz": _pick("sample rate of the mix", "48000", "44100", "96000"),
        },
    ),
    "music": Form("A music bed", _LAID, stages=("music",), required=("file",)),
    "voice": Form("A voice-over", _LAID, stages=("voice",), required=("file",)),
    "dialogue": Form("Dialogue", _LAID, stages=("dialogue",), required=("file",)),
    "ambience": Form("An ambience", _LAID, stages=("ambience",), required=("file",)),
    "effect": Form("A sound effect", _LAID, stages=("effect",), required=("file",)),
    "tone": Form("Room tone", stages=("room-tone",)),
    "room": Form("A room", stages=("room",)),
    "loudness": Form("A loudness profile", {"preset": PRESET}, stages=("loudness",)),
    "deliver": Form(
        "A deliverable",
        {
            "preset": PRESET,
            "id": _text("its name, and its file's; the preset's where not given"),
            "name": _text("the same as id"),
            "width": _PIXELS,
            "height": _PIXELS,
            "depth": _pick("bits a sample", "8", "10"),
            "chroma": _pick("chroma subsampling", "420", "422"),
            "container": _pick("the kind of file; mkv has its credentials beside it", *FILM_CONTAINERS),
            "platform": Part(
                "platform", "where it is shown: type stays clear of what controls cover", "some", "platform"
            ),
            "fit": _pick("over every shot's own fit", "fill", "fit"),
            "fill": FILL,
            "focus": Part("point", "for the shots that say no focus", short=AUTO_FOCUS),
            "picture": Part("picture", "the picture encoder"),
            "audio": Part("audio", "the sound encoder"),
            "loudness": Part("loudness", "over the job's profile", preset="sound"),
            "overlay": Part("overlay", "what is laid over the job for this file alone"),
            "stems": Knob(
                "true also writes the stems of its sound for a mixer, in NAME.stems beside it", "switch"
            ),
        },
        required=("width", "height"),
    ),
    "picture": Form("The picture encoder", stages=("encode",)),
    "audio": Form(
        "The sound encoder",
        {
            "codec": _pick("aac in each container, opus in mp4 and mkv, PCM in mov and mkv", *SOUND_CODECS),
            "bitrate": Knob("of AAC and Opus, all channels together", "whole", 16, 1728, "kb/s"),
            "channels": _pick("loudspeakers, by ITU-R BS.775; stereo where not given", *LAYOUTS),
        },
    ),
    "allow": Form(
        "A warning that is meant to be so",
        {"warning": _WARNING, "why": _text("the reason, which is recorded")},
        required=("warning",),
    ),
    **BRIEF_FORMS,
    **DESIGN_FORMS,
    **DISCLOSURE_FORMS,
    **PROVENANCE_FORMS,
    **SIGNOFF_FORMS,
    **VERSION_FORMS,
}
