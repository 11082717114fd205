"""Captures, entry points, export formats and recipes are added in one place, and found wherever they belong.

A toy of each kind is put into a copy of the package, as a contributor would: its file or its row, and
for the capture its instrument and its reader. No other file of the package is touched. Rules have
theirs in ``test_one_rule.py``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support import golden

ROOT = Path(__file__).parents[2]
RECORDING = golden.TRACES / golden.PAGE_OF

CAPTURE = {
    "recorder/protocol/captures.py": """
    CaptureSpec(
        name="toy",
        title="toy: what a toy sees",
        gives="whatever a toy gives",
        files=(CaptureFile("toy", "toy.json", "samples of the `toy` capture"),),
        share=0.1,
        most_in_round=7,
        most_in_all=70,
        program_block=3,
        program_costs=Costs(1000, 1000, 0.1),
        in_time=InTime(position=4, preference=4, heading="warm, by a toy", basis="toy: seen by a toy."),
    ),
""",
    "recorder/captures/toy.py": """
from ..measuring import measured_call
from . import Instrument


class Toy(Instrument):
    def measure(self, call, x, keep):
        return measured_call(call, x)


INSTRUMENT = Toy
""",
    "recordings/readers/toy.py": """
from ...model.call_graph import Function
from ...model.samples import Samples


def read_toy(path):
    return Samples([Function("/toy.py", 1, "toyed")], [(0,)], [0, 0], [0, 1], [1000, 2000])


READ = read_toy
""",
}
ENTRY_POINT = {
    "recorder/protocol/entries.py": """
    EntryPoint(
        name="predict_step",
        called=MODEL,
        written="predict_step()",
        code="{model}.predict_step({x})",
        about="`model.predict_step(x)`, a toy.",
        method="predict_step",
        options=("compiled",),
    ),
""",
}
EXPORT = {
    "output/exports/toy.py": """
from ..exporting import ExportFormat


def encode(opened):
    return opened.folder.name.encode(), ["a toy leaves nothing out"]


EXPORT = ExportFormat(suffix=".toy", captures=("spans",), encode=encode, loading="play with {path}")
""",
}
RECIPE = {
    "recipes/toy.py": """
from .recipe import ARRAYS, Change, Recipe
from .simplicity import CALL
from .snippets import predict


def changes(usage):
    return [Change("a toy", predict(usage, verbose=0))]


RECIPE = Recipe("toy", "play with it", "Toys are fast.", changes, entries=("predict",), kinds=ARRAYS,
    simplicity=CALL)
""",
    "recipes/catalogue.py": """
    "toy",
""",
}


def added(folder, toy):
    """A copy of the package with a toy in it: a row goes to the end of the file's table."""
    package = folder / "keras_profile"
    shutil.copytree(ROOT / "src" / "keras_profile", package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, content in toy.items():
        path = package / name
        if path.exists():
            text = path.read_text(encoding="utf-8")
            before, end, after = text.partition("\n)\n\n#: ")
            assert end, f"{name} has no table that ends before the names"
            path.write_text(before + content.rstrip() + end + after, encoding="utf-8")
        else:
            path.write_text(content, encoding="utf-8")
    return folder


def python(folder, code, *arguments):
    """What a program prints that imports the copy; it prints JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT / "tests")])},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def with_capture(tmp_path_factory):
    return added(tmp_path_factory.mktemp("capture"), CAPTURE)


@pytest.fixture(scope="module")
def with_entry_point(tmp_path_factory):
    return added(tmp_path_factory.mktemp("entry"), ENTRY_POINT)


@pytest.fixture(scope="module")
def with_export(tmp_path_factory):
    return added(tmp_path_factory.mktemp("export"), EXPORT)


@pytest.fixture(scope="module")
def with_recipe(tmp_path_factory):
    return added(tmp_path_factory.mktemp("recipe"), RECIPE)


def test_how_many_files_a_toy_takes():
    assert [len(toy) for toy in (CAPTURE, ENTRY_POINT, EXPORT, RECIPE)] == [3, 1, 1, 2]


def test_an_export_format_is_offered_and_written(with_export, tmp_path):
    output = tmp_path / "demo.toy"
    code = "import sys, keras_profile.cli as cli; sys.exit(cli.main(sys.argv[1:]))"
    assert ",toy" in python(with_export, code, "export", "--help")
    printed = python(with_export, code, "export", RECORDING, "--format", "toy", "--output", output)
    assert printed.splitlines() == [str(output), f"  play with {output}"]
    assert output.read_text() == RECORDING.name


def test_a_recipe_is_tried_where_it_fits_and_can_be_asked_for(with_recipe):
    found = json.loads(
        python(
            with_recipe,
            """
import json
from keras_profile.cli.parser import make_parser
from keras_profile.recipes.catalogue import RECIPES, in_order, recipe_named
from keras_profile.recipes.usage import Leaf, Usage
from keras_profile.recorder.protocol import ENTRY_POINT_OF

usage = Usage(None, ENTRY_POINT_OF["predict"], "array", Leaf((32, 4), "float32"), Leaf((32, 1), "float32"),
              predict_batch_size=32, compiled=True, subclassed=False)
print(json.dumps({
    "last": RECIPES[-1].id,
    "tried": "toy" in [recipe.id for recipe in in_order(usage)],
    "code": str(vars(recipe_named("toy").changes(usage)[0])),
    "asked": make_parser().parse_args(["profile", "net.keras", "--recipes", "toy"]).recipes,
}))
""",
        )
    )
    assert found["last"] == "toy"
    assert found["tried"]
    assert "verbose=0" in found["code"]
    assert found["asked"] == ["toy"]


def test_a_capture_is_known_to_both_sides(with_capture):
    found = json.loads(
        python(
            with_capture,
            """
import json
from keras_profile.recorder.protocol import CAPTURES, FILES
from support.tables import captures, files_of_captures
print(json.dumps([CAPTURES, FILES["toy"], captures(), files_of_captures()]))
""",
        )
    )
    assert found[0][-1] == "toy"
    assert found[1] == "toy.json"
    assert "| [`toy`](#toy) | whatever a toy gives | `toy.json` | 10% | 7 | 70 |" in found[2]
    assert "| `toy.json` | samples of the `toy` capture | yes |" in found[3]


def test_a_capture_gets_its_calls(with_capture):
    found = json.loads(
        python(
            with_capture,
            """
import json, random
from types import SimpleNamespace
from keras_profile.recorder.captures import make_capture
from keras_profile.recorder.program.allowance import Allowance
from keras_profile.recorder.program.groups import Groups
from keras_profile.recorder.program.instruments import Instruments
from keras_profile.recorder.protocol import CAPTURES
from keras_profile.recorder.protocol.requests import RecorderOptions
from keras_profile.recorder.workload.schedule import Schedule

schedule = Schedule(CAPTURES, 60, 100_000, lambda: 0)
options = RecorderOptions(1, 1, captures=["bare", "toy"])
instruments = Instruments(options, None, Allowance(1, 10**12), None)
group, _ = Groups().find(0, "predict", "net", ())
group.bare_done(1000)
blocks = [instruments.choose(group) for _ in range(30)]
measured = make_capture("toy", None).measure(lambda x: x, 1, True)
print(json.dumps([
    schedule.calls("toy"),
    sorted({(block.name, block.left) for block in blocks if block is not None}),
    measured.end_ns >= measured.begin_ns,
]))
""",
        )
    )
    assert found == [7, [["toy", 3]], True]


def test_a_capture_is_shown(with_capture, tmp_path):
    recording = tmp_path / "recording"
    shutil.copytree(RECORDING, recording)
    content = json.loads((recording / "recording.json").read_text())
    content["captures"].append({"name": "toy", "status": "ok", "reason": "", "details": {}})
    row = {"capture": "toy", "round": 0, "cold": False, "begin_ns": 10**15, "wall_ns": 3000, "cpu_ns": 0}
    for column, value in {**row, "rss_bytes": None}.items():
        content["calls"][column] += [value, value]
    (recording / "recording.json").write_text(json.dumps(content))
    (recording / "toy.json").write_text("")
    found = json.loads(
        python(
            with_capture,
            """
import json, sys
from pathlib import Path
from keras_profile.analysis.drilldown.assembly import views_of
from keras_profile.analysis.reports import make_report
from keras_profile.output.exporting import export
from keras_profile.output.html.layout import lay_out
from keras_profile.output.html.packing import Columns
from keras_profile.recordings.opened import open_recording

opened = open_recording(Path(sys.argv[1]))
report = make_report(opened)
content = lay_out(report, views_of(opened, report), Columns())
print(json.dumps({
    "report": [one.name for one in report.captures],
    "known": [one for one in content["capturesInTime"] if one["name"] == "toy"],
    "calls": [call["number"] for call in content["calls"] if call["capture"] == "toy"],
    "measured": content["measured"]["captures"],
    "chrome": "toy: what a toy sees" in export(opened, "chrome")[0].decode(),
}))
""",
            recording,
        )
    )
    assert found["report"][-1] == "toy"
    (known,) = found["known"]
    assert known["heading"] == "warm, by a toy"
    assert known["basis"] == "toy: seen by a toy."
    assert found["calls"] == [0, 1]
    assert "toy" in found["measured"]
    assert found["chrome"]


@pytest.mark.parametrize(("copy", "word"), [("with_capture", "toy"), ("with_entry_point", "predict_step")])
def test_the_command_line_offers_it(copy, word, request):
    code = "import sys, keras_profile.cli as cli; sys.exit(cli.main(['profile', '--help']))"
    assert word in python(request.getfixturevalue(copy), code)


def test_an_entry_point_is_known_wherever_calls_are(with_entry_point):
    found = json.loads(
        python(
            with_entry_point,
            """
import json
from types import SimpleNamespace
from keras_profile.output.words.report_words import call_text
from keras_profile.output.words.program_words import entry
from keras_profile.recipes.snippets import user_call
from keras_profile.recorder.facts.other_threads import _RUNNING
from keras_profile.recorder.program.wrapping import INFERENCE
from keras_profile.recorder.protocol import ENTRY_POINT_OF, ENTRY_POINTS, MODEL_METHODS
from keras_profile.recorder.workload.workload import Workload
from support.tables import entry_points


class Net:
    def predict_step(self, x):
        return x + 1


workload = Workload.__new__(Workload)
workload.model, workload.callbacks = Net(), []
workload.entry, workload.entry_point = "predict_step", ENTRY_POINT_OF["predict_step"]
workload.inputs = SimpleNamespace(kind="array")
workload.request = SimpleNamespace(
    verbose=False, batch_size=None, steps=None, callbacks=None, eager=False, compiled=True
)
workload._check_entry()
facts = SimpleNamespace(entry_point="predict_step")
print(json.dumps({
    "names": ENTRY_POINTS,
    "watched": INFERENCE.get("predict_step"),
    "native": ["predict_step" in MODEL_METHODS, "predict_step" in _RUNNING],
    "made": workload._make_call(None)(1),
    "headline": call_text(SimpleNamespace(workload=SimpleNamespace(facts=facts))),
    "program": entry(SimpleNamespace(entry="predict_step")),
    "code": user_call(SimpleNamespace(entry="predict_step", entry_point=ENTRY_POINT_OF["predict_step"])),
    "document": entry_points(),
}))
""",
        )
    )
    assert found["names"][-1] == "predict_step"
    assert found["watched"] == "predict_step"
    assert found["native"] == [True, True]
    assert found["made"] == 2
    assert found["headline"] == "predict_step()"
    assert found["program"] == "predict_step"
    assert found["code"] == "model.predict_step(x)"
    assert "### predict_step\n\n`model.predict_step(x)`, a toy." in found["document"]
