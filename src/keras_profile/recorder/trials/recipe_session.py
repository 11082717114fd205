"""One session of trials: the original call, each recipe's changes, rounds, files."""

from __future__ import annotations

import json
import os
import tempfile
import time

import numpy as np

from ..protocol import FILES, FUNCTION, TRIALS_SCHEMA, RecorderError
from ..structures import leaves
from ..user_code import own_traceback
from ..workload.inputs import kind_of
from .contender import Contender
from .loading import load_recipes
from .memory import Peak, available_bytes
from .outputs import Agreement, Difference, compare, largest_numbers
from .scaling import measure_scaling
from .tournament import Tournament
from .usage import usage_of
from .variations import MANY_ROWS, many_rows, take_rows, variations
from .wording import WorkerFailed, in_words
from .worker import ProcessContender

#: Building, warming up and comparing may take this many times the time for measuring;
#: but so many seconds at least, since importing and tracing take seconds whatever is asked.
ADMISSION, LEAST_ADMISSION_S = 2.0, 30.0
#: A change that takes longer than this to be built and compared is given up as hung: so
#: many times the time for measuring, and so many calls of the original, but so long at least.
HUNG, HUNG_CALLS, LEAST_HUNG_S = 1.0, 60, 30.0
#: A process of its own gets so much more to import TensorFlow and load the model; and what
#: is never waited for.
STARTING_S, FOREVER_S = 60.0, 86400.0
#: Beyond what this many seconds allow, outputs are compared on fewer inputs and rows.
COMPARING_S = 1.0
#: Their number grows by this factor up to the first thousand, as long as a call of so many may
#: take no more seconds than this; fewer than the least are not many.
GROWTH, FIRST_MANY, MOST_S, LEAST_MANY = 8, 1024, 10.0, 64
#: Rows of a batch of what many rows are compared with.
LARGE_BATCH = 1024
#: What a batch of many rows may take, only to compare outputs; and how many times its input
#: a row is taken to need where the layers' outputs are not known.
MANY_BYTES, UNKNOWN_GROWTH = 2**29, 100
#: Of the memory that is free, so much may be taken by a call.
MEMORY_SHARE = 0.5
#: Of the time, so much goes to how costs grow with the rows, and to changes that need a
#: process of their own, where there are such.
SCALING_SHARE, PROCESSES_SHARE = 0.2, 0.3
#: A change that was tried but could not be is one of these; the reason is in words.
FAILED, DIFFERS, NOT_APPLICABLE, NOT_TRIED, TRIED = (
    "failed",
    "outputs_differ",
    "not_applicable",
    "not_tried",
    "tried",
)


def try_recipes(request, report, make_workload, in_own_process=True):
    """Tries the request's recipes on its workload and writes ``trials.json``.

    ``report(event, **fields)`` is told how it goes: ``stage``, ``trying`` and ``measuring``
    (with the seconds after which the change may be taken for hung), ``progress``, ``done``. Changes that need
    a process of their own are tried only where this one can be made again from the request.
    """
    _Session(request, report, make_workload(), in_own_process).run()


class _NoCopy(Exception):
    """The model cannot be copied in the way that the change wants; the text says why."""


class _Entrant:
    """A recipe's change on its way through the session."""

    def __init__(self, recipe, change=None, index=0):
        self.recipe = recipe
        self.change = change
        self.index = index
        self.status, self.reason = NOT_TRIED, ""
        self.contender = None
        self.agreement = None
        self.compared_rows = 0
        self.compared_inputs = []
        self.warmup_ns = None
        self.peak_bytes = None
        self.call_ns = 0
        self.rounds = []

    @property
    def key(self):
        return "{}:{}".format(self.recipe.id, self.index)

    def end(self, status, reason):
        self.status, self.reason = status, reason
        if self.contender is not None:
            self.contender.close()
            self.contender = None


class _Session:
    def __init__(self, request, report, workload, in_own_process):
        self.request = request
        self.seconds = request.trials["seconds"]
        self.report = report
        self.workload = workload
        self.in_own_process = in_own_process
        self.interrupted = False
        self.scaling, self.scaling_reason = [], ""
        self.original_elsewhere = None
        self.many = None
        self.obstacle = load_recipes("recipe").obstacle

    def run(self):
        with tempfile.TemporaryDirectory(prefix="keras_profile-") as self.scratch:
            self._warm_up_original()
            self.entrants = self._entrants()
            here = [one for one in self.entrants if one.change is not None and not one.change.before]
            elsewhere = [one for one in self.entrants if one.change is not None and one.change.before]
            try:
                self._admit_all(here)
                self._compete(self.original, here, self._share_here(elsewhere))
                self._measure_scaling()
                self._let_go(here)
                if elsewhere:
                    self._compete_elsewhere(elsewhere)
            except KeyboardInterrupt:
                self.interrupted = True
                self.report("announce", text="interrupted: the recipes are shown as far as they were tried")
            finally:
                self._save()
                self._let_go(self.entrants)
        self.report("done", calls=sum(len(walls) for one in self.entrants for _, walls in one.rounds))

    # --- the original call ---

    def _warm_up_original(self):
        self.report("stage", text="first call, before recipes are tried")
        x = self.workload.fresh_input()
        snippets, recipe = load_recipes("snippets"), load_recipes("recipe")
        try:
            outputs = self.workload.call(x)
        except Exception as error:
            raise RecorderError(
                "call_failed",
                "{} failed in its first call: {}".format(self.workload.entry, in_words(error)),
                "does it run without keras-profile?",
                trace=own_traceback(error),
            ) from error
        self.usage = usage_of(self.workload, x, outputs)
        change = recipe.Change("as it is", snippets.user_call(self.usage))
        if self.workload.entry_point.called == FUNCTION:
            change = recipe.Change(
                "as it is",
                "function(x)",
                setup=snippets.lines(snippets.TENSORFLOW, "", "function = tf.function(model)"),
            )
        self.original = _Entrant(None, change)
        self.original.contender = Contender(change, self.workload.names(), self.scratch)
        self.original.contender.set_up(x)
        begin = time.perf_counter_ns()
        first = self.original.contender.outputs(self._input_again(x))
        second = self.original.contender.outputs(self._input_again(x))
        peak = Peak()
        self.original.call_ns = min(self.original.contender.block(self.workload.fresh_input, 0, 2))
        self.original.peak_bytes = peak.growth_bytes()
        self.original.warmup_ns = time.perf_counter_ns() - begin
        self.references = [("the measured input", x, first)]
        try:
            compare(first, second)
            self.random = False
        except Difference:
            self.random = True
        if not self.random:
            self._add_references(x)

    def _add_references(self, x):
        """What the original gives for other inputs, as many as there is time for."""
        begin = time.perf_counter()
        for name, other in variations(x):
            if len(self.references) > 1 and time.perf_counter() - begin > COMPARING_S:
                return
            self.references.append((name, other, self.original.contender.outputs(other)))
        self.many = self._many_rows(x)

    def _many_rows(self, x):
        """Many rows and what the original gives for them; None where it takes no other number."""
        if self.usage.rows is None or not self.usage.rows:
            return None
        call, found = self.original.contender.outputs, None
        most = self._rows_in_memory(x)
        if most < FIRST_MANY:
            return None  # large rows, such as images: a batch of a thousand may take all memory
        rows, took = self.usage.rows, self.original.call_ns / 1e9
        larger = min(rows * GROWTH, FIRST_MANY)
        while True:
            # At worst each row takes as long as those before: a user's loop over rows does.
            if took * larger / rows > MOST_S:
                return found
            rows, x_many = larger, many_rows(x, larger)
            begin = time.perf_counter()
            try:
                outputs = call(x_many)
            except Exception as error:
                # A model whose number of rows is fixed, such as the seed's medium one.
                self.report(
                    "announce",
                    text="outputs are compared on the input's own number of rows, since "
                    "others fail: " + in_words(error),
                )
                return None
            took = time.perf_counter() - begin
            found = (x_many, outputs, rows) if rows >= LEAST_MANY else None
            if rows < FIRST_MANY:
                larger = min(rows * GROWTH, FIRST_MANY)
                continue
            if rows == FIRST_MANY:
                call = self._call_of_many_rows(x_many, outputs)
            larger = min(
                MANY_ROWS,
                rows * int(COMPARING_S / max(took, 1e-9)),
                rows * 16,
                most,
                _fitting_rows(x_many, outputs, rows),
            )
            if larger < 2 * rows:
                return found

    def _rows_in_memory(self, x):
        """So many rows as may be one batch, by what the layers' outputs take for each."""
        given = sum(np.asarray(leaf[:1]).nbytes for leaf in leaves(x))
        taken = self.usage.bytes_per_row or given * UNKNOWN_GROWTH
        return int(MANY_BYTES / max(taken + given, 1))

    def _call_of_many_rows(self, x, expected):
        """What gives many rows' outputs soonest: predict in large batches, if it gives the same."""
        if not self.workload.entry_point.takes_batches:
            return self.original.contender.outputs

        def in_large_batches(x):
            return self.workload.model.predict(x, batch_size=LARGE_BATCH, verbose=0)

        try:
            compare(expected, in_large_batches(x), through=self.usage.compute_dtypes)
        except Exception:  # whatever it is, the user's own batch size is the one that works
            return self.original.contender.outputs
        return in_large_batches

    # --- building and comparing ---

    def _entrants(self):
        wanted, made = self.request.trials.get("recipes"), []
        for recipe in load_recipes("catalogue").in_order(self.usage):
            if wanted is not None and recipe.id not in wanted:
                continue
            entrant = _Entrant(recipe)
            reason = self.obstacle(recipe, self.usage)
            if reason is not None:
                entrant.end(NOT_APPLICABLE, reason)
            elif recipe.approximate and not self.request.trials["approximate"]:
                entrant.end(NOT_TRIED, "it alters results: --allow-approximate tries it")
            elif recipe.where == "own_process" and not self.in_own_process:
                entrant.end(NOT_TRIED, "it needs a process of its own: keras-profile try TARGET")
            elif recipe.where == "own_process" and not (self.request.trials["processes"] or wanted):
                entrant.end(
                    NOT_TRIED,
                    "it needs a process of its own: keras-profile try {}".format(self.request.target),
                )
            else:
                made += [
                    _Entrant(recipe, change, index) for index, change in enumerate(recipe.changes(self.usage))
                ]
                continue
            made.append(entrant)
        return made

    def _admit_all(self, waiting):
        begin = time.perf_counter()
        allowed = max(ADMISSION * self.seconds, LEAST_ADMISSION_S)
        given_up = self.request.trials.get("given_up", {})
        for number, entrant in enumerate(waiting):
            if entrant.key in given_up:
                entrant.end(FAILED, given_up[entrant.key])
            elif time.perf_counter() - begin > allowed:
                entrant.end(NOT_TRIED, "no time was left: more --seconds try it")
            else:
                self.report(
                    "trying",
                    key=entrant.key,
                    text=entrant.change.title,
                    seconds=self._watched_s(entrant),
                    number=number + 1,
                    of_all=len(waiting),
                )
                self._admit(entrant)
        self.report("tried")
        self._save()

    def _hung_s(self):
        """After how many seconds a change is taken for hung."""
        return max(HUNG * self.seconds, HUNG_CALLS * self.original.call_ns / 1e9, LEAST_HUNG_S)

    def _watched_s(self, entrant):
        """After how many seconds the process is to be killed for a change that hangs in it.

        One in a process of its own is killed alone, by this one.
        """
        return FOREVER_S if entrant.change.before else self._hung_s()

    def _admit(self, entrant):
        reason = self._too_large(entrant) or self._too_long(entrant)
        if reason:
            entrant.end(NOT_TRIED, reason)
            return
        change = entrant.change
        scratch = tempfile.mkdtemp(dir=self.scratch)
        if change.before:
            entrant.contender = ProcessContender(
                change, self.request, self.workload.model, scratch, self._hung_s() + STARTING_S
            )
        else:
            entrant.contender = Contender(change, self.workload.names(), scratch)
        begin = time.perf_counter_ns()
        try:
            _, x, reference = self.references[0]
            self._set_up(entrant, x)
            peak = Peak()
            outputs = entrant.contender.outputs(self._input_again(x))
            entrant.warmup_ns = time.perf_counter_ns() - begin
            if not self.random:
                entrant.agreement = Agreement()
                self._compare(entrant, reference, outputs)
            entrant.peak_bytes = None if change.before else peak.growth_bytes()
            entrant.call_ns = min(entrant.contender.block(self.workload.fresh_input, 0, 2))
            entrant.status = TRIED
        except Difference as error:
            entrant.end(DIFFERS, str(error))
        except _NoCopy as error:
            entrant.end(FAILED, str(error))
        except MemoryError:
            entrant.end(FAILED, "memory ran out")
        except Exception as error:
            entrant.end(FAILED, in_words(error))

    def _set_up(self, entrant, x):
        """Builds the change. Raises :class:`_NoCopy` where the model cannot be copied."""
        try:
            entrant.contender.set_up(x)
        except Exception as error:
            if entrant.recipe.where != "on_copy" or isinstance(error, MemoryError):
                raise
            raise _NoCopy("no such copy of the model can be made: " + in_words(error)) from error

    def _input_again(self, x):
        """The measured input; for one that is used up, another of the same."""
        return self.workload.fresh_input() if kind_of(x) == "generator" else x

    def _compare(self, entrant, reference, outputs):
        """Holds the outputs against the original's on each input; adds to the agreement."""
        self._agree(entrant, reference, outputs)
        entrant.compared_inputs.append(self.references[0][0])
        entrant.compared_rows += self.usage.rows or 0
        for name, x, expected in self.references[1:]:
            if entrant.change.before and self.usage.rows is None:
                break  # a process makes its own dataset: the others cannot be sent there
            try:
                self._agree(entrant, expected, entrant.contender.outputs(x))
            except Difference as error:
                raise Difference("for {}: {}".format(name, error)) from error
            entrant.compared_inputs.append(name)
            entrant.compared_rows += self.usage.rows or 0
        if self.many is not None:
            self._compare_many(entrant, *self.many)

    def _agree(self, entrant, expected, outputs, largest=None):
        entrant.agreement.add(
            compare(
                expected,
                outputs,
                through=self.usage.compute_dtypes,
                approximate=entrant.recipe.approximate,
                largest=largest,
            )
        )

    def _compare_many(self, entrant, x, expected, rows):
        step = rows if entrant.change.any_rows else self.usage.rows
        if entrant.change.calls > 1:  # it is given them so many times over
            step = rows // entrant.change.calls
        # A single row's outputs may all be near 0, where the same error is a larger part of them.
        largest = largest_numbers(expected)
        begin, start = time.perf_counter(), 0
        while start + step <= rows and (start == 0 or time.perf_counter() - begin < COMPARING_S):
            part = slice(start, start + step)
            try:
                self._agree(
                    entrant, take_rows(expected, part), entrant.contender.outputs(take_rows(x, part)), largest
                )
            except Difference as error:
                raise Difference(
                    "for other rows, {:,} to {:,} of {:,}: {}".format(start, start + step, rows, error)
                ) from error
            start += step
        entrant.compared_inputs.append("many rows")
        entrant.compared_rows += start

    def _too_large(self, entrant):
        """Why a change that puts more rows into a batch would not fit in memory, or None."""
        rows, batch = entrant.change.batch_rows, self.usage.batch_rows
        free, taken = available_bytes(), self.usage.bytes_per_row
        if rows is None or batch is None or rows <= batch or None in (free, taken):
            return None
        if rows * taken <= MEMORY_SHARE * free:
            return None
        return "a batch of {:,} rows takes up to {:.1f} GB, {:.1f} GB are free".format(
            rows, rows * taken / 1e9, free / 1e9
        )

    def _too_long(self, entrant):
        """Why a change that does the work of many calls is not worth its time, or None."""
        calls, took_s = entrant.change.calls, self.original.call_ns / 1e9
        if calls == 1 or calls * took_s <= max(self.seconds, LEAST_ADMISSION_S):
            return None
        return "the {} calls that it does the work of take {:.0f} s: more --seconds try it".format(
            calls, calls * took_s
        )

    # --- measuring ---

    def _share_here(self, elsewhere):
        """The part of the time that goes to the changes of this process."""
        return 1 - (SCALING_SHARE if self.usage.rows else 0) - (PROCESSES_SHARE if elsewhere else 0)

    def _compete_elsewhere(self, entrants):
        """Processes against a process: this one is larger than theirs, and slower for it."""
        self.report("stage", text="changes that need a process of their own")
        self.original_elsewhere = _Entrant(None, self.original.change)
        self.original_elsewhere.contender = ProcessContender(
            self.original.change,
            self.request,
            self.workload.model,
            tempfile.mkdtemp(dir=self.scratch),
            self._hung_s() + STARTING_S,
        )
        try:
            self.original_elsewhere.contender.set_up(self.workload.fresh_input())
            self.original_elsewhere.call_ns = min(
                self.original_elsewhere.contender.block(self.workload.fresh_input, 1, 2)
            )
        except WorkerFailed as error:
            for entrant in entrants:
                entrant.end(FAILED, "the original call fails in a process of its own: {}".format(error))
            return
        self._admit_all(entrants)
        self._compete(self.original_elsewhere, entrants, PROCESSES_SHARE)
        self.original_elsewhere.contender.close()

    def _let_go(self, entrants):
        for entrant in entrants:
            if entrant.contender is not None:
                entrant.contender.close()
                entrant.contender = None

    def _compete(self, original, entrants, share):
        runners = [original] + [one for one in entrants if one.contender is not None]
        tournament = Tournament(
            [one.call_ns for one in runners],
            [one.change.calls for one in runners],
            self.seconds * share,
            time.perf_counter_ns,
        )
        for number, order in tournament.orders():
            self.report(
                "progress",
                capture="recipes",
                round=number,
                left_ns=max(tournament.left_ns(), 0),
                budget_ns=int(self.seconds * 1e9),
            )
            for one in order:
                calls, settling = tournament.calls(one)
                if one != 0:
                    self.report(
                        "measuring",
                        key=runners[one].key,
                        text=runners[one].change.title,
                        seconds=self._watched_s(runners[one]),
                    )
                try:
                    tournament.block_done(
                        one, number, runners[one].contender.block(self.workload.fresh_input, settling, calls)
                    )
                except Exception as error:
                    if one == 0:
                        raise
                    tournament.drop(one, "")
                    runners[one].end(FAILED, in_words(error))
            # What is out must not weigh on the others: TensorFlow looks through all functions
            # that are alive when it makes an iterator.
            self._let_go([runners[one] for one in tournament.out])
        self.report("tried")
        for one, entrant in enumerate(runners):
            entrant.rounds = tournament.rounds[one]
            if one in tournament.out and entrant.status == TRIED:
                entrant.reason = tournament.out[one]
        self._save()

    def _measure_scaling(self):
        best = self._best()
        if self.usage.rows is None or best is None:
            return
        self.report("stage", text="how the cost grows with the rows")
        try:
            self.scaling = measure_scaling(
                self.workload,
                self.original,
                best,
                self.references[0][1],
                self.seconds * SCALING_SHARE,
                self.scratch,
                max(self.usage.rows, self._rows_in_memory(self.references[0][1])),
            )
        except Exception as error:
            self.scaling_reason = "not measured for other numbers of rows: " + in_words(error)

    def _best(self):
        """The fastest change of this process with the same outputs and one call's work."""
        from statistics import median

        runners = [
            one
            for one in self.entrants
            if one.contender is not None and one.rounds and one.change.calls == 1 and not one.change.prepare
        ]
        return min(
            runners, default=None, key=lambda one: median(wall for _, walls in one.rounds for wall in walls)
        )

    # --- files ---

    def _save(self):
        trials = {
            "schema": TRIALS_SCHEMA,
            "interrupted": self.interrupted,
            "original": _describe(self.original),
            "original_elsewhere": (
                None if self.original_elsewhere is None else _describe(self.original_elsewhere)
            ),
            "random_outputs": self.random,
            "trials": [_describe(one) for one in self.entrants],
            "scaling": self.scaling,
            "scaling_reason": self.scaling_reason,
        }
        path = os.path.join(self.request.folder, FILES["trials"])
        with open(path + ".part", "w") as file:
            json.dump(trials, file)
        os.replace(path + ".part", path)


def _describe(entrant):
    recipe, change, agreement = entrant.recipe, entrant.change, entrant.agreement
    return {
        "recipe": None if recipe is None else recipe.id,
        "title": recipe.title if change is None else change.title,
        "code": "" if change is None else change.code,
        "where": "in_process" if recipe is None else recipe.where,
        "approximate": recipe is not None and recipe.approximate,
        "status": entrant.status if recipe is not None else TRIED,
        "reason": entrant.reason,
        "calls": 1 if change is None else change.calls,
        "warmup_ns": entrant.warmup_ns,
        "peak_bytes": entrant.peak_bytes,
        "outputs": None
        if agreement is None
        else {
            "equal": agreement.equal,
            "max_abs_error": agreement.error,
            "tolerance": agreement.tolerance,
            "inputs": entrant.compared_inputs,
            "rows": entrant.compared_rows,
        },
        "rounds": [{"round": number, "wall_ns": walls} for number, walls in entrant.rounds],
    }


def _fitting_rows(x, outputs, rows):
    """So many rows as a quarter of a gigabyte holds, input and outputs together."""
    taken = sum(getattr(leaf, "nbytes", 0) or 8 * leaf.shape.num_elements() for leaf in leaves(x))
    taken += sum(
        leaf.nbytes if hasattr(leaf, "nbytes") else 8 * leaf.shape.num_elements() for leaf in leaves(outputs)
    )
    return int(2**28 / max(taken / rows, 1))
