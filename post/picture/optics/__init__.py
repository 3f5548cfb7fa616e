"""Effects of a lens and of film stock: bloom, softening, vignette, halation. Off by default."""

# In the order light meets them: a diffusion filter, the lens, its barrel, the film.
ORDER = ("bloom", "soften", "vignette", "halation")
