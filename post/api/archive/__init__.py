"""Archives: a job kept with everything that its films were made from, and its films made again from that.

archiving     archive_job
replaying     replay_archive, and which of an archive's films a file is
aside         folders for what nobody keeps
"""
