"""Signs claims: keys, the places that hold them, certificates, and time-stamps requested later."""
