"""Damaged recordings, many of them: each must be shown, shown in part, or be one clear error.

    python -m benchmarks.recording_fuzz [--inputs 20000] [--seed 0] [--workers 2]

Every input is a recording of a workload, one of a program or a saved report, in which a seed damages a
file or two: keys of JSON removed, of another type, huge or negative; bytes flipped, cut out, put in or
doubled; single numbers of rows and blocks; archives that lie about their size; folders, pipes, links and
sparse files in place of files. It goes through ``report``, ``list``, ``load``, ``open`` and ``export``, in
process. What is looked for: anything raised but an error of ours, hangs, memory, shares and times
that cannot be, folders that stay after an error, and anything written outside of the output folder.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import re
import shutil
import socket
import struct
import sys
import tempfile
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from keras_profile import cli
from keras_profile.api.load import load
from keras_profile.errors import KerasProfileError
from keras_profile.output.exports import format_names
from keras_profile.recorder.protocol import CALL_BEGIN, CALL_END, CALL_FIELDS

from .fuzzing import Outcome, measured_memory, time_limit, try_inputs
from .trace_fuzz import DAMAGES

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support import streams

DEMO = Path(__file__).parents[1] / "traces" / "demo-keras-3.15"
#: Seconds of processor time after which a command counts as slow, and in all as one that hangs.
SLOW, HANGS = 5.0, 90
MOST_MB = 1000
_CHUNK = 25
_ROW = np.dtype(list(CALL_FIELDS))


# --- what is damaged ---


@cache
def bases() -> Path:
    """A folder with ``traces`` and ``reports``: a small recording, one of a program, and their reports."""
    folder = Path(tempfile.mkdtemp(prefix="recording-fuzz-"))
    recording = folder / "traces" / "work"
    _shrink(DEMO, recording)
    _program(folder / "traces" / "prog", recording)
    with contextlib.chdir(folder), _silent():
        for name in ("work", "prog"):
            if cli.main(["report", name, "--no-html"]):
                raise SystemExit(f"the base {name} cannot be reported")
    return folder


def _shrink(source: Path, folder: Path) -> None:
    """A part of a recording that is read fast: nearly every byte of it counts."""
    folder.mkdir(parents=True)
    shutil.copy(source / "recording.json", folder)
    shutil.copy(source / "spans.npz", folder)
    session = json.loads((source / "pyinstrument.pyisession").read_bytes())
    session["frame_records"] = session["frame_records"][:40]
    (folder / "pyinstrument.pyisession").write_text(json.dumps(session))
    table = json.loads((source / "cprofile.json").read_bytes())
    kept = 120
    for name in ("functions", "primitive_calls", "total_calls", "self_ns", "total_ns"):
        table[name] = table[name][:kept]
    chosen = [number for number, edge in enumerate(table["edges"]) if max(edge[:2]) < kept]
    for name in ("edges", "edge_self_ns"):
        table[name] = [table[name][number] for number in chosen] if table.get(name) else []
    (folder / "cprofile.json").write_text(json.dumps(table))
    trace = sorted(source.rglob("*.xplane.pb"))[0]
    place = folder / trace.relative_to(source)
    place.parent.mkdir(parents=True)
    shutil.copy(trace, place)
    (folder / "trials.json").write_text(json.dumps(_trials()))


def _trials() -> dict[str, Any]:
    def trial(recipe: str | None, wall: int) -> dict[str, Any]:
        rounds = [{"round": number, "wall_ns": [wall + number * 1000] * 4} for number in range(5)]
        outputs = {"equal": True, "max_abs_error": 0.0, "tolerance": 1e-5, "inputs": ["its own"], "rows": 32}
        return {
            "recipe": recipe, "title": recipe or "original", "code": "y = model(x)", "where": "in_process",
            "approximate": False, "status": "tried", "reason": "", "calls": 1, "warmup_ns": 10**7,
            "peak_bytes": 10**6, "outputs": outputs if recipe else None, "rounds": rounds,
        }  # fmt: skip

    points = [{"rows": rows, "batches": 1, "wall_ns": [10**6 + rows * 1000] * 3} for rows in (1, 32, 256)]
    return {
        "schema": {"name": "keras_profile.trials", "version": 1},
        "interrupted": False,
        "original": trial(None, 40_000_000),
        "original_elsewhere": None,
        "random_outputs": False,
        "trials": [trial("model_call", 2_000_000), trial("predict_on_batch", 8_000_000)],
        "scaling": [
            {"recipe": None, "title": "the original", "points": points},
            {"recipe": "model_call", "title": "the call", "points": points},
        ],
        "scaling_reason": "",
    }


def _program(folder: Path, recording: Path) -> None:
    streams.program(folder)
    first = streams.Process(folder, 100)
    first.site(through={"file": "agent.py", "line": 7, "function": "act"})
    first.group()
    first.activity("load_model", "load_model")
    first.calls(24)
    first.group(1, 0, entry="predict", shape=(8, 4))
    first.calls(8, 1, thread=1)
    first.stacks(([streams.line(9, function="step")], 300, 1), ([streams.inference(0)], 200, 1))
    first.end()
    second = streams.Process(folder, 101, parent=100, forked=True)
    second.site()
    second.group()
    second.calls(6)
    group = first.folder / "groups" / "0"
    shutil.copytree(recording, group / "replay")
    shutil.move(group / "replay" / "trials.json", group / "trials.json")
    shutil.copy(recording / "pyinstrument.pyisession", group / "pyinstrument.pyisession")


# --- how it is damaged ---

#: In a value: lists in lists, as deep as the number behind it.
_NESTED = "nested lists "

STRANGE = (
    None, True, -1, 0, 1, 2**31, 2**53 + 1, 2**63, 10**30, -(2**62), 0.5, -0.5, 1e300, 7.5, "", "x", "\ud800",
    "\x1b[2J", "a" * 300_000, [], [[]], {}, [None], {"x": 1}, [1, "x"], "../../../../tmp/x", "2026",
)  # fmt: skip


def damaged(seed: int, folder: Path) -> str:
    """Damages the copy of the bases in ``folder``: what was done, in words."""
    rng = random.Random(seed)
    top = folder / rng.choice(("traces/work", "traces/work", "traces/prog", "traces/prog", "reports"))
    words = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        files = sorted(path for path in top.rglob("*") if path.is_file() and not path.is_symlink())
        files = [path for path in files if path.suffix not in (".md", ".log")]
        # A sparse file that an earlier damage left is not read: its memory would be this benchmark's.
        files = [path for path in files if path.stat().st_size < 64 << 20]
        if not files:
            break
        path = rng.choice(files)
        how = rng.choice(_ways(path))
        try:
            how(path, rng)
        except Exception:  # damaged before, so that this cannot damage it
            continue
        words.append(f"{how.__name__.strip('_')} {path.relative_to(folder)}")
    return ", ".join(words)


def _ways(path: Path) -> Sequence[Callable[[Path, random.Random], None]]:
    ways: list[Callable[[Path, random.Random], None]] = [_bytes, _replaced]
    if path.suffix in (".json", ".pyisession"):
        ways += [_json] * 6
    elif path.suffix == ".jsonl":
        ways += [_line] * 5 + [_torn] * 2
    elif path.suffix == ".npz":
        ways += [_archive] * 6
    elif path.suffix == ".bin":
        ways += [_number] * 5 + [_bytes] * 2
    return ways


def _bytes(path: Path, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(rng.choice((1, 1, 2, 5))):
        rng.choice(DAMAGES)(data, rng)
    path.write_bytes(data)


def _json(path: Path, rng: random.Random) -> None:
    content = json.loads(path.read_bytes())
    for _ in range(rng.choice((1, 1, 2, 4))):
        content = _changed(content, rng)
    path.write_bytes(_encoded(content))


def _line(path: Path, rng: random.Random) -> None:
    lines = path.read_bytes().splitlines()
    at = rng.randrange(len(lines))
    lines[at] = _encoded(_changed(json.loads(lines[at]), rng))
    path.write_bytes(b"\n".join(lines) + b"\n")


def _torn(path: Path, rng: random.Random) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    at = rng.randrange(len(lines))
    lines[at] = lines[at][: rng.randrange(len(lines[at]))]
    path.write_bytes(b"".join(lines))


def _encoded(content: Any) -> bytes:
    """``content`` as JSON, with lists in lists where it says so, which no encoder makes."""
    text = json.dumps(content)
    return re.sub(
        f'"{_NESTED}([0-9]+)"', lambda found: "[" * int(found[1]) + "]" * int(found[1]), text
    ).encode()


def _changed(content: Any, rng: random.Random) -> Any:
    """``content`` with one value in it removed, doubled or put in place of another."""
    places = []
    open_ones = [content]
    while open_ones:
        one = open_ones.pop()
        keys: Sequence[Any] = list(one) if isinstance(one, dict) else range(len(one))
        # Of long columns a few places stand for all.
        for key in keys if len(keys) < 60 else rng.sample(list(keys), 60):
            places.append((one, key))
            if isinstance(one[key], dict | list):
                open_ones.append(one[key])
    if not places:
        return rng.choice(STRANGE)
    one, key = rng.choice(places)
    way = rng.randrange(6)
    if way == 0:
        del one[key]
    elif way == 1 and isinstance(one, list):
        one[key:key] = one[key : key + rng.choice((1, 3))]
    elif way == 2 and isinstance(one[key], int | float):
        one[key] = rng.choice((-one[key], one[key] * 1000, one[key] + 1, one[key] // 1000, float(one[key])))
    elif way == 3:
        one[key] = _NESTED + str(rng.choice((3, 400, 5000, 100_000)))
    else:
        one[key] = rng.choice(STRANGE)
    return content


def _number(path: Path, rng: random.Random) -> None:
    """One number of a row or a block becomes another."""
    data = bytearray(path.read_bytes())
    kind = rng.choice(("<q", "<i", "<h"))
    size = struct.calcsize(kind)
    at = rng.randrange(len(data) // size) * size
    (now,) = struct.unpack_from(kind, data, at)
    most = 1 << (8 * size - 1)
    new = rng.choice(
        (0, -1, 1, most - 1, -most, now + 1, now - 1, now * 1000, -now, now ^ 1 << rng.randrange(8 * size))
    )
    struct.pack_into(kind, data, at, max(-most, min(new, most - 1)))
    path.write_bytes(data)


def _archive(path: Path, rng: random.Random) -> None:
    with np.load(path) as file:
        codes, times = file["codes"], file["times"]
    way = rng.randrange(11)
    if way == 0:
        times = times[::-1]
    elif way == 1:
        times = times.copy()
        times[rng.randrange(len(times))] = rng.choice((0, -1, 1 << 62, (1 << 63) - 1))
    elif way == 2:
        codes = codes.copy()
        codes[rng.randrange(len(codes))] = rng.choice((0, -1, 10**6, CALL_BEGIN, CALL_END, 1 << 40))
    elif way == 3:
        codes = codes.astype(rng.choice(("float64", "int8", "U3", "complex64", "bool", "O")))
    elif way == 4:
        codes = codes.reshape(1, -1)
    elif way == 5:  # deep
        depth = rng.choice((500, 5000, 100_000))
        inner = np.full(depth, 7)
        codes = np.concatenate([[CALL_BEGIN], inner, -1 - inner, [CALL_END]])
        times = int(times[0]) + np.arange(len(codes))
    elif way == 6:
        times = times[: rng.randrange(len(times))]
    elif way == 7:  # another that says it is huge
        header = (
            f"{{'descr': '<i8', 'fortran_order': False, 'shape': ({10 ** rng.randrange(7, 19)},)}}".ljust(117)
            + "\n"
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name in ("codes", "times"):
                file.writestr(
                    f"{name}.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
                )
        return
    elif way == 8:  # a bomb
        codes = times = np.zeros(rng.choice((10**7, 5 * 10**7)), dtype=np.int64)
    elif way == 9:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as file:
            for name, column in (("codes", codes), ("times", times)):
                buffer = io.BytesIO()
                np.save(buffer, column)
                file.writestr(f"{name}.npy", buffer.getvalue())
        data = bytearray(path.read_bytes())
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)
        return
    else:
        np.savez(path, codes=codes)
        return
    np.savez_compressed(path, codes=codes, times=times)


def _replaced(path: Path, rng: random.Random) -> None:
    """Something else in place of the file, or of a folder that it is in."""
    outside = Path("outside")
    way = rng.randrange(12)
    if way == 11:
        path = path.parent
        if path.name in ("traces", "reports"):
            return
        shutil.rmtree(path)
    else:
        path.unlink()
    if way == 0:
        path.mkdir()
    elif way == 1:
        os.mkfifo(path)
    elif way == 2:
        path.symlink_to(outside.absolute() / rng.choice(("victim", "nothing", "folder")))
    elif way == 3:
        path.symlink_to(rng.choice(("/dev/zero", "/dev/null", "/dev/stdin", "/proc/self/mem")))
    elif way == 4:
        with path.open("wb") as file:
            file.truncate(rng.choice((1, 1 << 20, 200 << 20, 3 << 30)))
    elif way == 5:
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as opened, contextlib.suppress(OSError):
            opened.bind(str(path))
    elif way == 6:
        path.symlink_to(path.name)  # a link to itself
    elif way == 7:
        path.write_bytes(b"")
    elif way in (8, 9):
        page = (
            Path("reports") / rng.choice(("work", "prog")) / rng.choice(("report.html", "pyinstrument.html"))
        )
        page.symlink_to(outside.absolute() / rng.choice(("victim", "new")))
    elif way == 11:
        rng.choice((lambda: path.symlink_to(outside.absolute() / "folder"), path.touch, lambda: None))()


# --- what becomes of it ---


def try_seeds(seeds: Sequence[int]) -> Outcome:
    """Lets the inputs of ``seeds`` go through the commands, one after the other."""
    outcome = Outcome()
    base = bases()
    before = Path.cwd()
    with measured_memory(outcome):
        for seed in seeds:
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch)
                shutil.copytree(base, folder, dirs_exist_ok=True)
                (folder / "outside" / "folder").mkdir(parents=True)
                (folder / "outside" / "victim").write_text("precious")
                try:
                    os.chdir(folder)
                    words = damaged(seed, folder)
                    names = [name for name in ("work", "prog") if name in words] or ["work"]
                    kind, faults = _outcome_of(seed, names, folder, outcome)
                finally:
                    os.chdir(before)
            outcome.kinds[kind] += 1
            outcome.faults += [f"seed {seed} ({words}): {one}" for one in faults]
    if outcome.peak_mb > MOST_MB:
        outcome.faults.append(f"one of the seeds {seeds[0]} to {seeds[-1]} took {outcome.peak_mb:,.0f} MB")
    shutil.rmtree(base)
    bases.cache_clear()
    return outcome


def _commands(seed: int, names: Sequence[str]) -> Iterator[list[str]]:
    """What an input goes through: the costly ones in turn, by the seed."""
    rng = random.Random(-seed)
    yield ["list"]
    for name in names:
        yield ["report", name, "--output", "out", *(() if rng.random() < 0.3 else ("--no-html",))]
        member = rng.choice((name, "prog/process-100/groups/0", "prog/process-100/groups/1"))
        chosen = rng.choice(format_names())
        yield ["export", member, "--format", chosen, "--output", f"out/{name}.{chosen}"]
        if rng.random() < 0.3:
            yield ["open", name, "--no-browser"]
            yield ["open", name, "--no-browser", "--in", "pyinstrument"]


def _outcome_of(seed: int, names: Sequence[str], folder: Path, outcome: Outcome) -> tuple[str, list[str]]:
    """What became of one input: the worst of its commands, and what should not be."""
    (folder / "out").mkdir()
    faults, kinds = [], []
    known = _contents(folder / "traces"), _contents(folder / "outside")
    for arguments in _commands(seed, names):
        there = set(_folders(folder))
        kind, said = _run(arguments, outcome)
        kinds.append(kind)
        if kind not in ("shown", "shown in part, said so", "one clear error"):
            faults.append(f"{' '.join(arguments)}: {kind}: {said}")
        if kind == "one clear error" and (left := set(_folders(folder)) - there):
            faults.append(f"{' '.join(arguments)}: left {sorted(left)}")
        if (_contents(folder / "traces"), _contents(folder / "outside")) != known:
            faults.append(f"{' '.join(arguments)}: wrote where it must not")
            known = _contents(folder / "traces"), _contents(folder / "outside")
    for path in (folder / "out").rglob("report.json"):
        faults += [f"{path.parent.name}: {one}" for one in impossible(json.loads(path.read_bytes()))]
    for path in (f"{top}/{name}" for name in names for top in ("reports", "traces")):
        kind, said = _load(path, outcome)
        kinds.append(kind)
        if kind not in ("shown", "shown in part, said so", "one clear error"):
            faults.append(f"load {path}: {kind}: {said}")
    order = ("shown", "shown in part, said so", "one clear error")
    return max(kinds, key=lambda one: order.index(one) if one in order else len(order)), faults


def _run(arguments: list[str], outcome: Outcome) -> tuple[str, str]:
    with _silent() as (out, err):
        kind, said = _timed(lambda: cli.main(arguments), outcome)
    if kind:
        return kind, said
    text = out.getvalue() + err.getvalue()
    if said == "0":
        over = [
            one
            for one in re.findall(r"([\d,.]+)% of (?:the|it|a)", text)
            if float(one.replace(",", "")) > 100
        ]
        if over:
            return "an impossible share", over[0]
        return ("shown in part, said so" if "damaged" in text or "unreadable" in text else "shown"), ""
    if said != "2" or "Traceback" in text:
        return f"exit code {said}", text[-300:]
    return ("one clear error" if err.getvalue().strip() else "an error without words"), ""


def _load(path: str, outcome: Outcome) -> tuple[str, str]:
    notes: list[str] = []

    def loaded() -> str:
        try:
            notes.extend(load(path).notes)
        except KerasProfileError:
            return "error"
        return "loaded"

    with _silent():
        kind, said = _timed(loaded, outcome)
    if kind:
        return kind, said
    if said == "error":
        return "one clear error", ""
    return ("shown in part, said so" if any("damaged" in one for one in notes) else "shown"), ""


def _timed(does: Callable[[], object], outcome: Outcome) -> tuple[str, str]:
    """An empty text and what it gave; else what went wrong, and more of that."""
    begin = time.process_time()
    try:
        with time_limit(HANGS):
            return "", str(does())
    except TimeoutError:
        return "hangs", traceback.format_exc(limit=-2)
    except BaseException:
        return "a traceback", traceback.format_exc(limit=-2)
    finally:
        took = time.process_time() - begin
        outcome.slowest = max(outcome.slowest, took)
        if took > SLOW:
            outcome.faults.append(f"the next of these took {took:.1f} s of processor time")


def impossible(value: object, place: str = "") -> list[str]:
    """What of a report cannot be: shares beyond 0 and 1, times below 0, phases that sum to another whole."""
    found: list[str] = []
    if isinstance(value, dict):
        for key, one in value.items():
            where = f"{place}.{key}"
            if isinstance(one, float | int) and not isinstance(one, bool):
                if (
                    key == "share" or key.endswith("_share") or key.startswith("share_of")
                ) and not 0 <= one <= 1:
                    found.append(f"{where} is {one}")
                if key.endswith("_ns") and "gain" not in key and one < 0:
                    found.append(f"{where} is {one}")
            else:
                found += impossible(one, where)
        if "phases" in value and "total_ns" in value and isinstance(value["phases"], list):
            whole = sum(one["self_ns"] for one in value["phases"])
            if "unattributed_ns" in value and whole != value["total_ns"]:
                found.append(f"{place}.phases sum to {whole}, not {value['total_ns']}")
    elif isinstance(value, list):
        for number, one in enumerate(value[:200]):
            found += impossible(one, f"{place}[{number}]")
    return found


def _contents(folder: Path) -> list[tuple[str, int, int]]:
    """Everything below a folder, and when each was written; links as links."""
    found = []
    for top, folders, files in os.walk(folder):
        for name in (*folders, *files):
            facts = os.lstat(os.path.join(top, name))
            found.append((os.path.join(top, name), facts.st_size, facts.st_mtime_ns))
    return sorted(found)


def _folders(folder: Path) -> Iterator[str]:
    for top, folders, _ in os.walk(folder):
        yield from (os.path.join(top, one) for one in folders)


@contextlib.contextmanager
def _silent() -> Iterator[tuple[io.StringIO, io.StringIO]]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield out, err


def main() -> int:
    outcome = try_inputs(__doc__, 20_000, _CHUNK, try_seeds, "faults", every=1, as_they_come=True)
    for kind, count in outcome.kinds.most_common():
        print(f"{kind:28}{count:>9,}")
    print(f"{'slowest command':28}{outcome.slowest:>9.2f}  s of processor time")
    print(f"{'peak memory of a process':28}{outcome.peak_mb:>9,.0f}  MB")
    print(f"{'faults':28}{len(outcome.faults):>9,}")
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
