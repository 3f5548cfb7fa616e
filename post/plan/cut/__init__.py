"""Times one shot: which part of its take it shows, by which map, for how long, and what to do where that is too short.

timing    a shot's time map, its length, and the frames that its take has for it
fixes     what could be done about a shot or a transition that does not fit, and what each changes
handles   does the best of it, where the job says so
"""
