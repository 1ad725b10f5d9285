"""What `huxin check` looks at."""
