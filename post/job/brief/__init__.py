"""A job's motion brief: what the film has to tell and to keep to, as a person writes it.

model       the brief as a value            picture_checks  \\
rule_check  what a check of a rule is       motion_checks    | the types of checks, with their parameters;
read        reads brief.yaml, strictly      edit_checks      | what they measure is in post/brief
schema      its JSON Schema, and its table  word_checks     /
"""
