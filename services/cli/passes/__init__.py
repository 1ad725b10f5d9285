"""`huxin pass`: checking passes where there is no network."""
