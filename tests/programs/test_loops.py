"""Programs that call a model in a loop: what is counted, and what is found."""

from __future__ import annotations

import pytest

from support.programs import line_of


@pytest.fixture(scope="module")
def replay(run_program):
    """The run of the reinforcement-learning loop."""
    return succeeded(run_program("replay.py"))


@pytest.fixture(scope="module")
def decoder(run_program):
    """The run of the decoder."""
    return succeeded(run_program("decoder.py"))


@pytest.fixture(scope="module")
def batch_job(run_program):
    """The run of the job over files."""
    return succeeded(run_program("batch_job.py"))


@pytest.fixture(scope="module")
def gallery(run_program):
    """The run that compares queries with a gallery."""
    return succeeded(run_program("gallery.py"))


@pytest.fixture(scope="module")
def uncertainty(run_program):
    """The run that draws random numbers for the same photos; its calls are replayed for their layers."""
    return succeeded(run_program("uncertainty.py", options=("--no-try", "--no-html")))


@pytest.fixture(scope="module")
def next_words(run_program):
    """The run that translates word by word; its calls are replayed for their layers."""
    return succeeded(run_program("next_words.py", options=("--no-try", "--no-html")))


@pytest.fixture(scope="module")
def taps(run_program):
    """The run with a model for each layer of a network; calls are replayed for their layers."""
    return succeeded(run_program("taps.py", options=("--no-try", "--no-html")))


@pytest.fixture(scope="module")
def two_models(run_program):
    """The run with two threads."""
    return succeeded(run_program("two_models.py"))


def succeeded(finished):
    assert finished.code == 0, finished.err
    return finished


#: The program, and the groups of it: what it calls the count that it prints and marks its line with.
GROUPS = [
    ("replay", "act"),
    ("replay", "replay"),
    ("decoder", "predict"),
    ("decoder", "function"),
    ("batch_job", "predict"),
    ("gallery", "again"),
    ("gallery", "once"),
    ("uncertainty", "again"),
    ("uncertainty", "once"),
    ("next_words", "again"),
    ("next_words", "once"),
    ("next_words", "last"),
    ("next_words", "every"),
    ("two_models", "cats"),
    ("two_models", "dogs"),
]


@pytest.fixture
def group(request, name, mark):
    """A group of a program's run."""
    return request.getfixturevalue(name).group(f"{name}.py", mark)


@pytest.mark.parametrize(("name", "mark"), GROUPS)
def test_each_call_is_counted_at_its_line(request, group, name, mark):
    finished = request.getfixturevalue(name)
    assert group["count"] == finished.counts[mark] > 0
    assert group["count"] == sum(group.threads.values())
    assert group["site"]["source"].endswith(f"# here: {mark}")


@pytest.mark.parametrize(("name", "mark"), GROUPS)
def test_the_group_is_attributed_to_the_nanosecond(group, name, mark):
    assert group.is_whole
    assert group["attribution"]["unattributed_ns"] <= 0.03 * group["attribution"]["total_ns"]
    assert {one["status"] for one in group["captures"]} <= {"ok", "skipped"}
    assert next(one for one in group["captures"] if one["name"] == "spans")["calls"] >= 1


@pytest.mark.parametrize("name", ["replay", "decoder", "batch_job", "two_models"])
def test_calls_in_all_are_those_of_the_groups_most_expensive_first(request, name):
    report = request.getfixturevalue(name).report
    program, groups = report["program"], report["groups"]
    assert program["calls"] == sum(group["count"] for group in groups)
    totals = [group["total_ns"] for group in groups]
    assert totals == sorted(totals, reverse=True)
    assert 0 < program["inference_ns"] <= sum(totals)
    assert program["inference_ns"] < program["wall_ns"]
    assert program["exit_code"] == 0
    assert program["complete"]


@pytest.mark.parametrize("name", ["replay", "decoder", "batch_job", "two_models"])
def test_the_recording_is_as_its_schema_says(request, name):
    process = request.getfixturevalue(name).process
    calls = process.calls
    assert len(calls) == request.getfixturevalue(name).report["program"]["calls"]
    ends = calls["begin_ns"] + calls["wall_ns"]
    assert (calls["wall_ns"] > 0).all()
    assert (calls["begin_ns"] > process.of_kind("process")[0]["began_ns"]).all()
    assert (ends < process.of_kind("ended")[-1]["at_ns"]).all()
    assert {event["group"] for event in process.of_kind("group")} == set(calls["group"].tolist())


@pytest.mark.parametrize("name", ["replay", "two_models"])
def test_the_overhead_has_the_start_of_the_recorder(request, name):
    overhead = request.getfixturevalue(name).report["program"]["overhead"]
    # Modules are loaded and classes wrapped, whatever else is done.
    assert 10_000_000 < overhead["parts"]["starting"] < 5_000_000_000
    assert sum(overhead["parts"].values()) == overhead["total_ns"]


# --- the replay loop ---


@pytest.mark.parametrize("mark", ["act", "replay"])
def test_predict_of_a_row_or_two_is_mostly_its_input_pipeline(replay, mark):
    assert "pipeline_rebuilt" in replay.group("replay.py", mark).found


@pytest.mark.parametrize("mark", ["act", "replay"])
def test_the_loop_over_rows_is_said_with_its_cause(replay, mark):
    group = replay.group("replay.py", mark)
    loop = group.finding("calls_in_a_loop")
    # Within the cause that explains it, or of its own where waiting for threads took much of the calls.
    assert loop["verdict"] in ("included", "found")
    cause = group.finding(loop["within"]) if loop["verdict"] == "included" else loop
    assert loop["within"] in ("", *group.found)
    assert "calls in a row at replay.py" in cause["title"]
    assert "one_predict_for_many_calls" in cause["recipes"]


def test_training_is_beside_inference_and_no_call(replay):
    assert replay.beside("training") == replay.counts["fit"]
    assert replay.groups_at("replay.py", "fit") == []
    training = next(one for one in replay.report["program"]["between"] if one["kind"] == "training")
    assert f"replay.py:{line_of('replay.py', 'fit')}" in training["where"]


def test_the_report_is_there_as_markdown_too(replay):
    text = (replay.report_folder / "report.md").read_text(encoding="utf-8")
    assert f"replay.py:{replay.group('replay.py', 'act')['site']['line']}" in text


# --- the decoder ---


def test_a_growing_sequence_is_one_group_whose_shapes_vary(decoder):
    for mark in ("predict", "function"):
        assert decoder.group("decoder.py", mark)["workload"]["varying"]


def test_a_token_that_was_written_is_seen_in_what_the_next_step_is_given(decoder):
    for mark in ("predict", "function"):
        flow = decoder.group("decoder.py", mark)["workload"]["data_flow"]
        assert flow["from_outputs"] == flow["calls"] > 4
    group = decoder.group("decoder.py", "predict")
    said = [one for one in group["findings"] if one["verdict"] in ("found", "included")]
    # In the title of what explains the calls, or in a finding of its own where much is left for it.
    texts = [text for one in said for text in (one["title"], *one["evidence"])]
    assert any("cannot be merged" in text for text in texts)
    assert not any("one_predict_for_many_calls" in one["recipes"] for one in said)


def test_a_gallery_that_each_query_encodes_again_is_found(gallery):
    again, once = gallery.group("gallery.py", "again"), gallery.group("gallery.py", "once")
    assert again["workload"]["data_flow"]["same_part"] == 0.5
    assert "input_again" in again.found[:2]
    assert once.finding("input_again")["verdict"] == "not_found"


def test_photos_that_are_computed_again_for_other_draws_are_found(uncertainty):
    again, once = (uncertainty.group("uncertainty.py", mark) for mark in ("again", "once"))
    for flow in (again["workload"]["data_flow"], once["workload"]["data_flow"]):
        assert flow["same_input"] == flow["calls"] > 4
    assert again.found[0] == "drawn_again"
    assert "up to stays_on," in again.finding("drawn_again")["title"]
    assert once.finding("drawn_again")["verdict"] == "not_found"


def test_a_text_that_is_encoded_again_for_each_word_is_found(next_words):
    again, once = (next_words.group("next_words.py", mark) for mark in ("again", "once"))
    for flow in (again["workload"]["data_flow"], once["workload"]["data_flow"]):
        assert flow["from_outputs"] == flow["calls"] > 4
    assert again["workload"]["data_flow"]["staying_part"] > 0.8
    # What that costs is not known: bytes of inputs of different shapes say nothing about the work.
    assert "input_again" in again.found
    # What the decoder is given of each text is small.
    assert once.finding("input_again")["verdict"] == "not_found"


def test_scores_of_positions_that_are_not_used_are_found(next_words):
    last, every = (next_words.group("next_words.py", mark) for mark in ("last", "every"))
    assert last["workload"]["output_shape"] == every["workload"]["output_shape"] == [8, 48, 6000]
    assert last.found[0] == "output_unused"
    assert "Only one of the output's 48 positions is used" in last.finding("output_unused")["title"]
    assert every.finding("output_unused")["verdict"] == "not_found"
    # The position that a loop counts is one, too. For those calls there is no time for a trace.
    (site,) = next_words.group("next_words.py", "once")["workload"]["call_sites"]
    assert site["one_position"] is True


def test_models_that_compute_the_layers_that_they_share_are_found(taps):
    assert taps.code == 0
    groups = [one for one in taps.report["groups"] if one["site"]["source"].endswith("# here: again")]
    together = taps.group("taps.py", "together")
    assert len(groups) == 3
    for group in groups:
        assert {one["models"] for one in group["workload"]["shared_layers"]} <= {2, 3}
    longest = max(groups, key=lambda one: one["total_ns"])
    (finding,) = [one for one in longest["findings"] if one["rule"] == "layers_shared"]
    assert finding["verdict"] == "found"
    assert finding["title"].startswith("3 models get the same input and share layers, such as conv2d")
    assert together["workload"]["shared_layers"] == []
    assert together.finding("layers_shared")["verdict"] == "not_found"


def test_rows_of_their_own_are_not_made_of_outputs(replay):
    flow = replay.group("replay.py", "replay")["workload"]["data_flow"]
    assert flow["calls"] > 4
    assert flow["from_outputs"] == 0


def test_a_function_that_is_traced_for_each_length_is_found(decoder):
    assert decoder.group("decoder.py", "function").found[0] == "retraced"


def test_predict_of_a_growing_sequence_is_mostly_its_input_pipeline(decoder):
    assert "pipeline_rebuilt" in decoder.group("decoder.py", "predict").found


# --- the job over files ---


def test_python_in_the_pipeline_is_found(batch_job):
    assert "python_in_pipeline" in batch_job.group("batch_job.py", "predict").found[:2]


# --- two models on two threads ---


@pytest.mark.parametrize("mark", ["cats", "dogs"])
def test_calls_are_on_the_thread_that_made_them(two_models, mark):
    assert two_models.group("two_models.py", mark).threads == {mark: two_models.counts[mark]}


@pytest.mark.parametrize("mark", ["cats", "dogs"])
def test_waiting_for_the_other_thread_is_named(two_models, mark):
    group = two_models.group("two_models.py", mark)
    assert group["waiting"]["together_calls"] > group["count"] / 2
    assert "concurrent_calls" in group.found


def test_time_in_which_both_threads_call_counts_once(two_models):
    report = two_models.report
    assert report["program"]["inference_ns"] < 0.8 * sum(group["total_ns"] for group in report["groups"])
