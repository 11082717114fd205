"""A different number of threads that make the batches."""

from __future__ import annotations

from .recipe import Change, Recipe
from .simplicity import DATASET
from .snippets import predict
from .usage import Usage

#: Threads that are tried.
WORKERS = (1, 2, 4)


def changes(usage: Usage) -> list[Change]:
    made = []
    for workers in WORKERS:
        if usage.keras_version < (3,):
            call = predict(usage)[:-1] + ", workers={})".format(workers)
            made.append(Change("workers={}".format(workers), call))
        elif workers != usage.dataset.workers:
            made.append(
                Change(
                    "workers={}".format(workers),
                    predict(usage, x="inputs"),
                    setup="import copy",
                    prepare="inputs = copy.copy(x)\ninputs.workers = {}".format(workers),
                )
            )
    return made


RECIPE = Recipe(
    "pydataset_workers",
    "a PyDataset with more or fewer workers",
    "Workers make batches on threads of their own. They help if making a batch waits for files or runs "
    "outside Python, and hurt if batches are cheap: the threads are started on every call.",
    changes,
    simplicity=DATASET,
    kinds=("pydataset",),
    entries=("predict",),
    any_backend=True,
    harmless=True,
)
