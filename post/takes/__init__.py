"""What there is: files of generators and cameras, probed, put on a grid, decoded.

    probe.probe(path, name, colour="", range="") -> Take         what a clip holds
    probe.probe_sound_file(path) -> Sound                        what a sound file holds
    picture.PictureReader(path, picture).frame(i)                one frame of the grid, exact
    normalise.Framer(picture, window, format).frame(decoded)     that frame in the film's geometry
    sound.read_sound(path, sound, rate_hz)                       a clip's sound, from the picture's start on
    sound.read_sound_file(path, rate_hz)                         music, effects, voices
    made.make_clip(path, Recipe(...))                            clips made from a recipe

Import from the modules: a worker that only decodes does not load what probes. All of them raise
SourceError for what cannot be read. With post.deliver, the only importer of av.
"""
