"""Python imports a module of this name when it starts: this one waits for Keras, and does nothing else.

Its folder comes first in the ``PYTHONPATH`` of a program that is recorded. If the environment already has
a ``sitecustomize``, that is run as usual. Nothing is imported here that an interpreter has not imported
by itself: a program that never imports Keras or TensorFlow runs as if this file did not exist.

Any Python runs this file, even those that are too old to be recorded: no annotations, no new syntax.
"""

import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))
_PACKAGE = "keras_profile_recorder"
#: The recorder is loaded when these are imported.
_AWAITED = ("tensorflow", "keras", "tf_keras")


def _run_next():
    """Runs the module that this one hides, under its name."""
    sys.path[:] = [place for place in sys.path if os.path.abspath(place or os.curdir) != _FOLDER]
    sys.path_importer_cache.pop(_FOLDER, None)
    own = sys.modules.pop("sitecustomize")
    try:
        import sitecustomize  # noqa: F401
    except ImportError:
        if "sitecustomize" in sys.modules:
            raise
        # There is none. The import that runs this file looks for the module under its name.
        sys.modules["sitecustomize"] = own
        if getattr(sys.exc_info()[1], "name", "sitecustomize") != "sitecustomize":
            raise


class _Awaiting(object):  # noqa: UP004 - as Python 2 needs it
    """A finder that finds nothing itself: at the first import of Keras it loads the recorder."""

    def __init__(self):
        import _thread

        was_there = "time" in sys.modules
        import time

        if not was_there:  # it is built in: whoever imports it gets it again
            del sys.modules["time"]

        #: What the recorder needs as it was before the program could replace it.
        self.untouched = {module.__name__: dict(vars(module)) for module in (time, _thread, os)}
        #: When this process began: the time of day, the clock, its CPU time.
        self.began = (time.time(), time.perf_counter_ns(), time.process_time_ns())
        self.forked = False
        self._recorder = None
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._is_forked)

    def find_spec(self, name, path=None, target=None):
        if sys.modules.get("sitecustomize") is _OWN:
            del sys.modules["sitecustomize"]  # no program has a module of this name by itself
        if name not in _AWAITED or self not in sys.meta_path:
            return None
        sys.meta_path.remove(self)
        try:
            self._load()
        except Exception as error:  # the program runs all the same, unrecorded
            sys.stderr.write(
                "keras-profile: this process is not recorded: {}: {}\n".format(type(error).__name__, error)
            )
            return None
        # The import that goes through the finders now is already past the one that was put in.
        return sys.meta_path[0].find_spec(name, path, target)

    def _load(self):
        # As in the recorder's __main__, which says why. Nothing can be imported before that.
        package = sys.modules[_PACKAGE] = type(sys)(_PACKAGE)
        package.__path__ = [os.path.dirname(os.path.dirname(_FOLDER))]
        package.untouched = self.untouched
        starting = __import__(_PACKAGE + ".recorder.program.starting", fromlist=["start"])
        self._recorder = starting.start(self.began, self.forked)

    def _is_forked(self):
        if self._recorder is not None:
            self._recorder.forked_child()
            return
        clocks = self.untouched["time"]
        self.forked = True
        self.began = (clocks["time"](), clocks["perf_counter_ns"](), clocks["process_time_ns"]())


_OWN = sys.modules.get("sitecustomize")
if __name__ == "sitecustomize":  # and not if something else imports this file
    try:
        _run_next()
    finally:
        if os.environ.get("KERAS_PROFILE") and sys.version_info >= (3, 7):
            sys.meta_path.insert(0, _Awaiting())
