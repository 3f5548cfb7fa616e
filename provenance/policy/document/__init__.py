"""Policies as documents: reading, merging and comparing them. Nothing here judges a film.

What checks a film and what makes its labels both read policies here, and share nothing else.

policy       the values: a policy, its sources, its rules
read, rules  read a YAML file into them; fields reads single values, and collects faults
conditions   when a rule applies, by declared facts
dates        on which days a rule holds
facts        what a named person declares
given        what a film is compared with: claims (approved texts), a brand, marks; references holds them
waivers      what a named person lets pass, and until when
strictness   which of two values of a parameter is the stricter
merge        one set of requirements from several policies
differ       what changed from one version of a policy to the next
"""
