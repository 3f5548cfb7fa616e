"""Reads takes: files of generators and cameras are probed, put on a constant grid, and decoded exactly.

    probe.probe(path, name, colour="", range="") -> Take         what a clip holds
    probe.probe_sound_file(path) -> Sound                        what a sound file holds
    open_picture.open_picture(path, picture).frame(i)            one frame of the grid, exact
    conform.Framer(picture, window, format).frame(decoded)       that frame in the geometry of the film
    sound.decode.read_sound(path, sound, rate_hz)                the sound of a clip, from its first picture on
    sound.decode.read_sound_file(path, rate_hz)                  music, effects, voices
    stills.decode.decode_path(path) -> Pixels                    a still, upright and in sRGB
    made.synthetic.make_clip(path, ClipRecipe(...))              a clip made from a recipe

Import from these modules: a worker that only decodes does not load what probes. All of them raise SourceError
for a file that cannot be read.
"""
