MINE = "sched"
