"""A tiny model in whose calls known delays are planted, inside Keras and TensorFlow.

Runs in the profiled interpreter as the target of a recording, so it is Python 3.7 code.
:func:`build` and :func:`build_with_user_code` make the model, watch a few of its calls for
places where a delay can stand, and put one into each: a function of Keras or TensorFlow
that the internals table does not name, that runs in every call and always in one place,
and whose code is exchanged for a wrapper. What is planted, and in which phase it must come
back, is written to a file at exit. The environment variable ``KERAS_PROFILE_PLANT`` names
a JSON file with ``table`` (module, qualname, phase), ``recorder`` (its folder), ``out`` (a
folder), ``kinds`` (of :class:`Clock`) and ``seed``.

The phase is read off the stack at the moment of the delay, by a few lines of its own
that share nothing with the analyzer: the innermost frame that the table names, but the
outermost where that is tracing or teardown, and teardown where none is left.
"""

import atexit
import cProfile
import functools
import gc
import hashlib
import importlib
import importlib.util
import json
import os
import random
import sys
import threading
import types
from collections import defaultdict
from time import perf_counter_ns, sleep

import numpy as np
import tensorflow as tf

#: Delays are drawn evenly from nothing to this part of an undelayed call.
MOST = 0.5
#: Calls that are watched, and the most places that a phase gets.
WATCHED, PLACES = 3, 3
#: The place of a delay in a destructor, and what words the classes have in their names
#: whose objects a call makes and leaves.
LEFT_BEHIND = "destructor of what the call leaves behind"
OF_ONE_CALL = ("DataHandler", "DataAdapter", "EpochIterator")
STICKY = ("function_tracing", "teardown")
NO_PHASE = ("transparent", "helper")
#: Files whose functions look at the stack or at code, which a wrapper in between changes.
LEAVE_ALONE = ("tf_stack", "inspect", "traceback", "autograph", "function_type", "tf_decorator", "dispatch")

keras = tf.keras


class Clock:
    """Makes delays of a wanted length, by kind.

    ``calls`` and ``inlined`` are so much work instead, which takes that long where nothing
    watches: the same additions, with a function's call around each, and without.
    """

    def __init__(self):
        self._round_ns = _unit_ns(lambda count: hashlib.pbkdf2_hmac("sha256", b"", b"", count))
        self._call_ns = _unit_ns(_add_by_calls)
        self._addition_ns = _unit_ns(_add_inlined)
        self.collecting_ns = 0
        self.is_collecting = False
        self._since = 0
        gc.callbacks.append(self._collected)

    def _collected(self, when, info):
        if threading.current_thread() is not threading.main_thread():
            return
        self.is_collecting = when == "start"
        if self.is_collecting:
            self._since = perf_counter_ns()
        else:
            self.collecting_ns += perf_counter_ns() - self._since

    def python(self, end):
        total = 0
        while perf_counter_ns() < end:
            for number in range(200):
                total += number * number

    def native(self, end):
        left = end - perf_counter_ns()
        hashlib.pbkdf2_hmac("sha256", b"", b"", max(1, int(left / self._round_ns)))

    def sleep(self, end):
        sleep(max(0, end - perf_counter_ns()) / 1e9)

    def allocation(self, end):
        while perf_counter_ns() < end:
            for _ in range(50):
                cycle = []
                cycle.append(cycle)

    def calls(self, end):
        _add_by_calls(int((end - perf_counter_ns()) / self._call_ns))

    def inlined(self, end):
        _add_inlined(int((end - perf_counter_ns()) / self._addition_ns))


def _unit_ns(work, count=20000):
    """What one unit of some work takes: the least of some trials."""
    times = []
    for _ in range(7):
        begin = perf_counter_ns()
        work(count)
        times.append(perf_counter_ns() - begin)
    return min(times) / count


def _add(total, number):
    return total + number


def _add_by_calls(count):
    total = 0
    for number in range(count):
        total = _add(total, number)


def _add_inlined(count):
    total = 0
    for number in range(count):
        total = total + number


class Plan:
    """The places, what was drawn for the present call, and what was planted so far."""

    def __init__(self):
        with open(os.environ["KERAS_PROFILE_PLANT"]) as file:
            self._given = json.load(file)
        self._random = random.Random(self._given["seed"])
        self._clock = Clock()
        self.folder = self._given["out"]
        self._phases = {}
        self._places = defaultdict(list)  # group -> names of places, one of which is delayed in each call
        self._draw = {}
        self._undelayed_ns = 0
        self._planted = []  # begin_ns, delay_ns, wanted_ns, collecting_ns, phase, kind, place

    # --- finding places ---

    def read_table(self, model):
        """The phase of each named function of this release, by file, line and name."""
        # A copy of the recorder's modules, apart from those of the recorder that runs this.
        package = types.ModuleType("planted")
        package.__path__ = [os.path.dirname(self._given["recorder"])]
        sys.modules["planted"] = package
        keras = importlib.import_module("planted.recorder.frameworks.keras")
        resolving = importlib.import_module("planted.recorder.probes.resolving")
        root = keras.keras_root(model)
        for module, qualname, phase in self._given["table"]:
            target = resolving.resolve(keras.expand(module, root), qualname)
            if target is not None:
                self._phases[_place_of(target.code)] = phase

    def watch(self, call):
        """By phase, the functions without a name that run in every call, always in one place.

        Each as (when it first ran, how deep it lies below a named function, the function).
        """
        seen = [self._watch_once(call) for _ in range(WATCHED)]
        begin = perf_counter_ns()
        call()
        self._undelayed_ns = perf_counter_ns() - begin
        candidates = defaultdict(list)
        for order, (code, places) in enumerate(seen[-1].items()):
            if len(places) == 1 and all(found.get(code) == places for found in seen):
                function = _function_of(code)
                if function is not None:
                    ((phase, depth),) = places
                    candidates[phase].append((order, depth, function))
        return candidates

    def _watch_once(self, call):
        """Where each unnamed code ran: a set of (phase, depth below a named frame)."""
        found, stack = {}, []

        def profile(frame, event, argument):
            if event == "return" and stack:
                stack.pop()
            if event != "call":
                return
            own = self._phases.get(_place_of(frame.f_code))
            phase, depth = stack[-1] if stack else (None, 0)
            if own is None:
                stack.append((phase, depth + 1))
                if phase is not None:
                    found.setdefault(frame.f_code, set()).add(stack[-1])
            elif own in NO_PHASE or phase in STICKY:
                stack.append((phase, depth))
            else:
                stack.append((own, 0))

        sys.setprofile(profile)
        try:
            call()
        finally:
            sys.setprofile(None)
        return found

    def plant(self, candidates):
        """Puts a delay into the first, the middle and the last place of each phase."""
        for phase, found in candidates.items():
            found.sort(key=lambda one: one[0])
            picks = sorted({0, len(found) // 2, len(found) - 1})[:PLACES]
            for pick in picks:
                _, depth, function = found[pick]
                name = f"{function.__module__}:{function.__name__} (depth {depth})"
                self._places[phase].append(name)
                _wrap(function, self, name)

    # --- delaying ---

    def new_call(self):
        """Draws which places of this call are delayed, for how long, how, and on which side."""
        draw = self._random
        self._draw = {
            draw.choice(places): (
                draw.random() * MOST * self._undelayed_ns,
                draw.choice(self._given["kinds"]),
                draw.random() < 0.5,
            )
            for places in self._places.values()
        }

    def add_place(self, group, name):
        self._places[group].append(name)

    def enter(self, name, arguments):
        if (
            LEFT_BEHIND in self._draw
            and arguments
            and any(word in type(arguments[0]).__name__ for word in OF_ONE_CALL)
            and ("_left_behind" not in arguments[0].__dict__)
        ):
            # Held by what the call made, so destroyed with it.
            arguments[0].__dict__["_left_behind"] = LeftBehind(self)
        drawn = self._draw.get(name)
        if drawn is not None and drawn[2]:
            self.delay(name)

    def leave(self, name):
        drawn = self._draw.get(name)
        if drawn is not None and not drawn[2]:
            self.delay(name)

    def delay(self, name):
        """The delay that was drawn for a place, once a call."""
        drawn = self._draw.pop(name, None)
        if drawn is None or self._clock.is_collecting:
            return
        length, kind, _ = drawn
        begin = perf_counter_ns()
        collecting = self._clock.collecting_ns
        # What other threads do is waited for where the next batch is fetched.
        is_calling = threading.current_thread() is threading.main_thread()
        phase = self._phase_here() if is_calling else "batch_fetching"
        getattr(self._clock, kind)(begin + int(length))
        collected = self._clock.collecting_ns - collecting
        self._planted.append((begin, perf_counter_ns() - begin, int(length), collected, phase, kind, name))

    def _phase_here(self):
        frame, phases = sys._getframe(1), []
        while frame is not None and not frame.f_code.co_name.startswith("keras_profile_call_"):
            phase = self._phases.get(_place_of(frame.f_code))
            if phase is not None and phase not in NO_PHASE:
                phases.append(phase)
            frame = frame.f_back
        for phase in reversed(phases):
            if phase in STICKY:
                return phase
        return phases[0] if phases else "teardown"

    # --- afterwards ---

    def write(self):
        with open(os.path.join(self.folder, "planted.json"), "w") as file:
            json.dump(
                {"undelayed_ns": self._undelayed_ns, "places": self._places, "planted": self._planted}, file
            )


class ProfileByBlock(cProfile.Profile):
    """cProfile that also keeps what it knew at the end of each block of calls."""

    folder = ""
    blocks = 0
    _since = None

    def enable(self, *arguments, **options):
        ProfileByBlock._since = perf_counter_ns()
        super().enable(*arguments, **options)

    def disable(self):
        super().disable()
        since, ProfileByBlock._since = ProfileByBlock._since, None
        if since is None:
            return
        until = perf_counter_ns()
        self.snapshot_stats()
        functions = list(self.stats)
        number = {function: index for index, function in enumerate(functions)}
        rows = [self.stats[function] for function in functions]
        content = {
            "begin_ns": since,
            "end_ns": until,
            "functions": functions,
            "self_ns": [int(row[2] * 1e9) for row in rows],
            "edges": [
                [number[caller], callee, int(counts[3] * 1e9)]
                for callee, row in enumerate(rows)
                for caller, counts in row[4].items()
                if caller in number
            ],
        }
        with open(os.path.join(self.folder, f"cprofile-{self.blocks:04d}.json"), "w") as file:
            json.dump(content, file)
        ProfileByBlock.blocks += 1


class LeftBehind:
    """Delays when it is destroyed."""

    def __init__(self, plan):
        self._plan = plan

    def __del__(self):
        self._plan.delay(LEFT_BEHIND)


def _place_of(code):
    return code.co_filename, code.co_firstlineno, code.co_name


def _function_of(code):
    """The function of a code that can be wrapped, or None."""
    file = code.co_filename.replace(os.sep, "/")
    if (
        code.co_freevars
        or code.co_flags & 0x2A0
        or code.co_name.startswith(("<", "__"))
        or ("/keras/" not in file and "/tensorflow" not in file and "/tf_keras/" not in file)
        or (any(word in file for word in LEAVE_ALONE))
    ):
        return None
    functions = [
        one for one in gc.get_referrers(code) if isinstance(one, types.FunctionType) and one.__code__ is code
    ]
    return functions[0] if len(functions) == 1 else None


def _wrap(function, plan, name):
    """Exchanges the code of ``function``: wherever it was imported to, it is delayed."""
    original = types.FunctionType(
        function.__code__, function.__globals__, function.__name__, function.__defaults__
    )
    original.__kwdefaults__ = function.__kwdefaults__
    key = f"_planted_{id(function)}"
    function.__globals__[key] = (plan, original, name)
    namespace = {}
    exec(
        compile(
            f"def {function.__name__}(*args, **kwargs):\n"
            f"    plan, original, name = {key}\n"
            "    plan.enter(name, args)\n"
            "    result = original(*args, **kwargs)\n"
            "    plan.leave(name)\n"
            "    return result\n",
            __file__,
            "exec",
        ),
        namespace,
    )
    function.__code__ = namespace[function.__name__].__code__
    function.__defaults__ = function.__kwdefaults__ = None


def rows():
    return np.random.RandomState(0).standard_normal((32, 4)).astype("float32")


def build():
    """The tiny compiled model and arrays: delays inside Keras and TensorFlow, and in a destructor."""
    given = keras.layers.Input((4,))
    model = keras.Model(given, keras.layers.Dense(1)(keras.layers.Dense(2, activation="relu")(given)))
    model.compile("adam", "mse")
    plan = Plan()
    plan.add_place(LEFT_BEHIND, LEFT_BEHIND)
    _plant(plan, model, model.predict, rows)
    return model, rows()


def build_with_user_code():
    """A model that runs eagerly: delays in a layer, a callback and a generator of the user's own too."""
    plan = Plan()

    class Layer(keras.layers.Layer):
        def call(self, inputs):
            plan.delay("user layer")
            return inputs * 2.0

    class Callback(keras.callbacks.Callback):
        def on_predict_begin(self, logs=None):
            plan.delay("callback, at the beginning")

        def on_predict_batch_end(self, batch, logs=None):
            plan.delay("callback, after a batch")

        def on_predict_end(self, logs=None):
            plan.delay("callback, at the end")

    def generator():
        plan.delay("user generator")
        yield (rows(),)

    given = keras.layers.Input((4,))
    model = keras.Model(given, keras.layers.Dense(1)(Layer()(given)))
    model.compile("adam", "mse", run_eagerly=True)
    for place in (
        "user layer",
        "callback, at the beginning",
        "callback, after a batch",
        "callback, at the end",
        "user generator",
    ):
        plan.add_place(place, place)
    _plant(plan, model, functools.partial(model.predict, callbacks=[Callback()]), generator)
    return model, generator


def _plant(plan, model, predict, make_input):
    """Plants delays below ``predict``, and makes the model's draw those of each call."""

    def call():
        return predict(make_input(), verbose=0)

    before = np.asarray(call())
    plan.read_table(model)
    plan.plant(plan.watch(call))

    def predict_with_delays(*args, **kwargs):
        plan.new_call()
        return predict(*args, **kwargs)

    object.__setattr__(model, "predict", predict_with_delays)
    if not np.allclose(before, np.asarray(model.predict(make_input(), verbose=0))):
        raise RuntimeError("the delays changed what the model predicts")
    ProfileByBlock.folder = plan.folder
    cProfile.Profile = ProfileByBlock
    atexit.register(plan.write)
