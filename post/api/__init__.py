"""The Python API: what the command line does, as functions with typed results (`from post import finish_job`).

settings      Settings: where this user's keys, trust lists and results are
engines       opens what does the work: processes of this machine, or the workers of a Dask scheduler
stores        opens what runs share: copies of sources, and results
plans         load_job, plan_job, list_versions
finishing     finish_job; refusals: what keeps a right job from being finished
parts         make_still; ranges of a film
looking       measure_film, verify_film
signoff       films pass their gates; approve, reject, revoke; how far films are
checking      check_film, and what of a job's policies can be said before; checked: what checking came to
results       what these functions return

The command line is made of the same functions: it adds what is printed, exit codes, and the environment. README.md
lists every public name.
"""
