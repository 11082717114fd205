"""Encodings that several writers share: boxes of calls, protobuf, XSpace."""
