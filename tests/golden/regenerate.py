"""Makes the reports in ``reports/`` anew from the recordings in ``traces/``."""
from __future__ import annotations

from pathlib import Path

from keras_profile import pipeline, store

ROOT = Path(__file__).parents[2]
#: The recording whose page is kept beside its report.
PAGE_OF = "question-tf-2.0/tiny_compiled"


def main() -> None:
    for recording in store.list_recordings(ROOT / "traces"):
        folder = ROOT / "reports" / store.name_in_traces(recording)
        folder.mkdir(parents=True, exist_ok=True)
        # One page is enough to see what a change of the page does, and they are large.
        keeps_page = store.name_in_traces(recording) == PAGE_OF
        pipeline.write_report(pipeline.make_report(recording), folder, recording if keeps_page else None)
        print(folder)


# Guarded, since pytest imports every module here for its doctests: unguarded, the reports
# were made anew before the tests compared them.
if __name__ == "__main__":
    main()
