"""Commands for sign-off: approve, reject, revoke and approvals; and the keys of persons."""
