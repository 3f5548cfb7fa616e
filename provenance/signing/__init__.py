"""Signs claims: keys, the places that hold them, certificates, and time-stamps asked for later."""
