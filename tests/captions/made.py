"""Makes small caption files of every format, with what each format has of its own."""

from __future__ import annotations

import struct

SRT = (
    '1\n00:00:01,000 --> 00:00:02,500\n{\\an8}<i>One</i> <font color="#ff0000">two</font> &amp; x\n\n'
    "2\n00:00:03,000 --> 00:00:04,000 X1:1 X2:2\nThree\n\nfour\n"
)
VTT = (
    "WEBVTT\nLanguage: en\n\nSTYLE\n::cue(.warm) { color: rgb(255, 128, 0); font-weight: bold }\n"
    '::cue(v[voice="Ann"]) { background: #0008 }\n\nREGION\nid:a\nwidth:40%\nlines:2\n'
    "regionanchor:0%,100%\nviewportanchor:10%,90%\n\nNOTE nothing\n\nfirst\n"
    "00:01.000 --> 00:02.000 region:a align:start\n<v Ann>Hi <c.warm>there</c> <00:01.500>you\n\n"
    "00:03.000 --> 00:04.000 line:10%,end position:30%,line-left size:40% vertical:rl\n"
    "<ruby>字<rt>じ</rt></ruby> <lang fr>Ça &lt; va</lang>\n"
)
ASS = (
    "[Script Info]\nScriptType: v4.00+\nPlayResX: 1280\nPlayResY: 720\n\n[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, "
    "Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, "
    "MarginV, Encoding\n"
    "Style: Default,Inter,48,&H00FFFFFF,&H000000FF,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,2,0,2,10,10,10,1\n"
    "Style: Sign,Inter,36,&H0000FFFF,&H000000FF,&H80000000,&H80000000,-1,0,0,0,100,100,0,0,3,2,0,8,40,40,90,1\n\n"
    "[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Comment: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,not shown\n"
    "Dialogue: 0,0:00:01.00,0:00:02.50,Default,Ann,0,0,0,,{\\k50}One {\\k100\\i1}two{\\i0}\\Nthree\n"
    "Dialogue: 0,0:00:03.00,0:00:04.00,Sign,,0,0,0,,{\\pos(320,180)\\fad(200,200)}Over, there\n"
)
TTML = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
    'xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" '
    'xmlns:ttm="http://www.w3.org/ns/ttml#metadata" xml:lang="en" ttp:frameRate="30" '
    'ttp:frameRateMultiplier="1000 1001" ttp:tickRate="90000">\n<head><ttm:agent xml:id="ann" type="person">'
    "<ttm:name>Ann</ttm:name></ttm:agent>\n<layout>\n"
    '<region xml:id="low" tts:origin="10% 70%" tts:extent="80% 20%" tts:displayAlign="after" tts:textAlign="center" '
    'tts:backgroundColor="#00000080" tts:showBackground="whenActive"/>\n</layout></head>\n<body><div>\n'
    '<p begin="36f" end="00:00:02:15" region="low" ttm:agent="ann" xml:id="a">One '
    '<span tts:color="yellow" tts:fontStyle="italic">two</span><br/>three</p>\n'
    '<p begin="270000t" dur="1.5s" region="low"><span tts:ruby="container"><span tts:ruby="base">字</span>'
    '<span tts:ruby="text">じ</span></span></p>\n</div></body></tt>\n'
)
SCC = (
    "Scenarist_SCC V1.0\n\n00:00:59:28\t9420 9420 9470 9470 c1c2 c3c4 942f 942f\n\n"
    "00:01:02;02\t942c 942c\n\n00:01:04;00\t9425 9425 94ad 94ad c1c2\n\n00:01:06;00\t942c 942c\n"
)


def stl(texts: tuple[tuple[str, tuple[int, int, int, int], tuple[int, int, int, int]], ...] = ()) -> bytes:
    """Returns an EBU STL file of 25 frames a second whose programme starts at 10:00:00:00. texts: with in and out."""
    rows = texts or (("One", (10, 0, 1, 0), (10, 0, 2, 12)), ("Two", (10, 0, 3, 0), (10, 0, 4, 0)))
    head = bytearray(b" " * 1024)
    head[0:14] = b"850STL25.01100"
    head[12:14] = b"00"
    head[11:12] = b"1"
    head[14:16] = b"09"
    head[238:255] = f"{len(rows):05}{len(rows):05}00140".encode() + b"23"
    head[253:255] = b"23"
    head[255:256] = b"1"
    head[256:264] = b"10000000"
    blocks = [
        struct.pack("<BHBB4B4BBBB", 0, i, 0xFF, 0, *first, *last, 20, 2, 0)
        + (b"\x0b\x0b" + text.encode("ascii") + b"\x0a\x0a").ljust(112, b"\x8f")
        for i, (text, first, last) in enumerate(rows)
    ]
    return bytes(head) + b"".join(blocks)


FILES = {
    "a.srt": SRT.encode(),
    "a.vtt": VTT.encode(),
    "a.ass": ASS.encode(),
    "a.ttml": TTML.encode(),
    "a.scc": SCC.encode(),
    "a.stl": stl(),
}
