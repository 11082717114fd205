"""What several writers encode with: boxes of calls, protobuf, XSpace."""
