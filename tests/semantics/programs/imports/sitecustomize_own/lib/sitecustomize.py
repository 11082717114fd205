import sys

STARTED = "%d modules of mine, argv %s" % (
    len([n for n in sys.modules if "custom" in n]),
    hasattr(sys, "argv"),
)
print("customised:", __name__, len(sys.meta_path), sys.getprofile(), sys.gettrace())
