"""An AMQP broker inside the process: what RabbitMQ does for a node, without RabbitMQ.

`transport` registers it with kombu as `inprocess://localhost/<node>`.  It keeps nothing on disk, so
a publisher that needs durability keeps its message until the broker confirms it (`confirm_select`).
"""
