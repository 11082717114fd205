"""A sweep: many configurations of a call, each measured in a process of its own, on one machine or many.

The plan gives the cells (:mod:`.sweep_plan`, :mod:`.grid`). An engine calls :func:`.cell_process.measure` for
each. It is stored in its folder (:mod:`.cell_store`), which is all the state there is. The answers are made
from the folder alone (:mod:`.answering`).
"""
