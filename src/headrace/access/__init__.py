"""Who may do what: users, tokens, sessions, roles, and the audit log of every change."""
