"""`huxin scores`: what the city's scoring system writes, looked at before a node goes by it."""
