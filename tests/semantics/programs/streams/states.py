import sys

for name in ("stdin", "stdout", "stderr"):
    stream = getattr(sys, name)
    print(name + ":", stream.encoding, stream.errors, stream.line_buffering, stream.isatty(), stream.fileno())
    print(
        name + " more:",
        stream.name,
        stream.mode,
        type(stream.buffer).__name__,
        stream.write_through,
        stream.newlines,
    )
sys.stderr.write("own errors without an end")
sys.stderr.flush()
