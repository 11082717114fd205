"""Writes what is kept in ``reports/`` again, from the recordings that ``traces/examples.txt`` names."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from keras_profile.analysis.reports import make_report
from keras_profile.recordings.opened import open_recording
from support import golden


def main() -> None:
    for recording in golden.recordings():
        folder = golden.REPORTS / golden.name_of(recording)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, data in golden.files_of(recording, make_report(open_recording(recording))).items():
            (folder / name).write_bytes(data)
        print(folder.relative_to(golden.ROOT))


# Guarded, since pytest imports every module here for its doctests: unguarded, the reports
# were made again before the tests compared them.
if __name__ == "__main__":
    main()
