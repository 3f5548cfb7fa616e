"""The evidence report of a film: one page that opens from a disk and checks the film itself.

blocks         what a report is made of: words, facts, tables, commands
report         gathers the sections of a film's report
credentials    the questions, the findings, the signatures, what was done
lineage        from prompt to master, and how each fact is known
policies       policies, rule by rule
signoff        who signed the film off, and the log that says so
archive        the archive of the film, tested
instructions   how to verify the film without this report
page           the page: player, check in the browser, sections
verifier/      c2pa-web and its WebAssembly, as published

Its twin in PDF is made of the same sections by `post/evidence/pdf`, which has the fonts.
"""
