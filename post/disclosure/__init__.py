"""Makes of policies and declared facts what a film says of itself: its labels, and what its file holds.

demands  what the policies ask, by label and by metadata      labels    the visible labels of a job
wording  which texts meet all that is asked                   metadata  XMP, the AIGC label, the spoken notice
waived   the rules that nobody has to meet                    zones     what labels stay clear of
compile  the job with all of it, and which rule set what

It shares no code with what checks the finished film: both read the policies, and nothing else in common.
"""
