"""Makes the reports in ``reports/`` anew from the recordings in ``traces/``."""
from __future__ import annotations

from pathlib import Path

from keras_profile import pipeline, store

ROOT = Path(__file__).parents[2]


def main() -> None:
    for recording in store.list_recordings(ROOT / "traces"):
        folder = ROOT / "reports" / store.name_in_traces(recording)
        folder.mkdir(parents=True, exist_ok=True)
        pipeline.write_report(pipeline.make_report(recording), folder)
        print(folder)


# Guarded, since pytest imports every module here for its doctests: unguarded, the reports
# were made anew before the tests compared them.
if __name__ == "__main__":
    main()
