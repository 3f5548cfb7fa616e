"""The commands about guardrails: `check` asks a film, or a job, what a policy asks.

check   the command          evidence   its page, and the pictures of what was found
"""
