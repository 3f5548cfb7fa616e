"""Reports what was made: one page with stills, scopes, curves and every action."""
