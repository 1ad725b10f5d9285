"""Throw-away RabbitMQ and PostgreSQL servers, run as child processes of a test."""
