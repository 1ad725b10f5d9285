"""The same call without trust: what a write costs on this plumbing when nobody has to be believed.

A PUT at a door on granian becomes a command over the bus; a service books a thing once by the
caller's id and announces it in the same transaction; a second one, with a database of its own,
hears of it and adds a row to its read side.  So it is durable, done once, announced and projected,
as a grant is, without attestation, status, rules, quotas, decision on record, pass and notice.
"""
