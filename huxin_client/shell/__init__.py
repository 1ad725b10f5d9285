"""The client library at a shell: `huxin operator` and `huxin app`.

They know no more than the library does, so that they work where no node is installed: with the
extra `shell` of the client's wheel.  Nothing secret has to be given on a command line.
"""
