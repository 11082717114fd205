#: flags -P
import sys

print("flags:", sys.flags.safe_path, len(sys.path), __file__)
try:
    import tiny  # noqa: F401
except ImportError as error:
    print("tiny:", error)
