"""One job for each way of getting it wrong: what is changed in a sound job, and all that must be said."""

from __future__ import annotations

TIME = "a time such as 0.5s or 12f"
RATES = "24 | 25 | 30 | 50 | 60 | 23.976 | 29.97 | 59.94 | a fraction such as 30000/1001"
JOB_KEYS = (
    "bug | clock | cut | deliver | grain | house | label | look | provenance | schema | sound | takes | title"
    " | titles | type"
)
CUT_KEYS = (
    "fit | focus | in | length | look | name | out | sampling | sound | speed | stages | take | transition | zoom"
)

# (the fault, what is changed in the job, the whole message)
DEFECTS: list[tuple[str, dict[str, str], str]] = [
    ("another schema", {"schema": "schema: Job.9"}, ""),
    ("no title", {"title": ""}, ""),
    ("an unknown key", {"x": "titels: []"}, ""),
    ("a misspelt rate", {"clock": "clock: 23.96"}, ""),
    ("a rate of zero", {"clock": "clock: 0"}, ""),
    ("a rate by nothing", {"clock": "clock: 24/0"}, ""),
    ("a key with nothing after it", {"clock": "clock:"}, ""),
    ("an unknown house", {"house": "house: daylite"}, ""),
    ("no takes", {"takes": "takes: {}"}, ""),
    ("takes as a list", {"takes": "takes: [dog.mp4]"}, ""),
    ("a take that is not there", {"takes": "takes:\n  dog: gone.mp4"}, ""),
    ("a take that is a folder", {"takes": "takes:\n  dog: ."}, ""),
    ("a take of unknown colour", {"takes": "takes:\n  dog: {file: dog.mp4, colour: bt7009}"}, ""),
    ("a take with no file", {"takes": "takes:\n  dog: {range: full}"}, ""),
    ("half a sha256", {"takes": "takes:\n  dog: {file: dog.mp4, sha256: abcd}"}, ""),
    ("a generator record with parts", {"takes": "takes:\n  dog: {file: dog.mp4, generator: {seed: [1, 2]}}"}, ""),
    ("no shots", {"cut": "cut: []"}, ""),
    ("a cut that is no list", {"cut": "cut: dog"}, ""),
    ("a shot of no take", {"cut": "cut:\n  - in: 1s"}, ""),
    ("a shot of an unknown take", {"cut": "cut:\n  - take: dgo"}, ""),
    ("a shot with an unknown key", {"cut": "cut:\n  - take: dog\n    zooom: 2"}, ""),
    ("a time below zero", {"cut": "cut:\n  - take: dog\n    in: -1s"}, ""),
    ("a time with no unit", {"cut": "cut:\n  - take: dog\n    in: 2"}, ""),
    ("a time in minutes", {"cut": "cut:\n  - take: dog\n    in: 2min"}, ""),
    ("an end before the start", {"cut": "cut:\n  - take: dog\n    in: 2s\n    out: 36f"}, ""),
    ("an end and a length", {"cut": "cut:\n  - take: dog\n    out: 2s\n    length: 1s"}, ""),
    ("a shot of no length", {"cut": "cut:\n  - take: dog\n    length: 0s"}, ""),
    ("a speed out of range", {"cut": "cut:\n  - take: dog\n    speed: 40"}, ""),
    ("speed keys out of order", {"cut": 'cut:\n  - take: dog\n    speed: "1s:1, 0s:2"'}, ""),
    ("a focus outside the picture", {"cut": "cut:\n  - take: dog\n    focus: [0.5, 3]"}, ""),
    ("a focus of one number", {"cut": "cut:\n  - take: dog\n    focus: 0.5"}, ""),
    ("a gain in another unit", {"cut": "cut:\n  - take: dog\n    sound: {gain: -3 dBFS}"}, ""),
    ("a transition into the first shot", {"cut": "cut:\n  - take: dog\n    transition: 12f"}, ""),
    ("a transition of no length", {"cut": "cut:\n  - take: dog\n  - {take: dog, transition: {stage: dissolve}}"}, ""),
    ("a transition that is none", {"cut": "cut:\n  - take: dog\n  - {take: dog, transition: {stage: reframe, length: 2f}}"}, ""),
    ("an unknown knob of a transition", {"cut": "cut:\n  - take: dog\n  - {take: dog, transition: {length: 2f, curv: smooth}}"}, ""),
    ("an unknown stage", {"cut": "cut:\n  - take: dog\n    stages: [{stage: lok}]"}, ""),
    ("a stage with no name", {"cut": "cut:\n  - take: dog\n    stages: [{saturation: 1}]"}, ""),
    ("a stage that is for no shot", {"cut": "cut:\n  - take: dog\n    stages: [{stage: loudness}]"}, ""),
    ("two shots of one name", {"cut": "cut:\n  - {take: dog, name: a}\n  - {take: dog, name: a}"}, ""),
    ("a title with no time", {"x": "titles:\n  - text: Winter"}, ""),
    ("a title with no text", {"x": "titles:\n  - {at: 0s, length: 1s}"}, ""),
    ("a colour lost to a comment", {"x": "titles:\n  - text: Winter\n    at: 0s\n    length: 1s\n    colour: #ffcc00"}, ""),
    ("a label nobody can read", {"x": "label: {plate_opacity: 0}"}, ""),
    ("a logo that is not there", {"x": "bug: {image: gone.png}"}, ""),
    ("music that is not there", {"x": "sound:\n  music: [{file: gone.wav}]"}, ""),
    ("music with an unknown key", {"x": "sound:\n  music: [{file: bed.wav, volume: 1}]"}, ""),
    ("loudness in another unit", {"x": "sound:\n  loudness: {target: -14 dB}"}, ""),
    ("no deliverables", {"deliver": "deliver: []"}, ""),
    ("an unknown deliverable", {"deliver": "deliver: [social-16x8]"}, ""),
    ("two deliverables of one name", {"deliver": "deliver:\n  - {name: a, width: 64, height: 64}\n  - {name: A, width: 64, height: 64}"}, ""),
    ("a deliverable of no name", {"deliver": "deliver: [{width: 64, height: 64}]"}, ""),
    ("a deliverable named as a path", {"deliver": "deliver: [{name: ../x, width: 64, height: 64}]"}, ""),
    ("a deliverable of no size", {"deliver": "deliver: [{name: a}]"}, ""),
    ("an odd width", {"deliver": "deliver: [{name: a, width: 65, height: 64}]"}, ""),
    ("a codec its container cannot hold", {"deliver": "deliver: [{name: a, width: 64, height: 64, depth: 10, chroma: 422, picture: {codec: prores}}]"}, ""),
    ("a sound codec its container cannot hold", {"deliver": "deliver: [{name: a, width: 64, height: 64, audio: {codec: pcm_s24le}}]"}, ""),
    ("training said in other words", {"x": "provenance: {training_mining: never}"}, ""),
    ("a preset in the place of a list", {"deliver": "deliver: social-16x9"}, ""),
]
