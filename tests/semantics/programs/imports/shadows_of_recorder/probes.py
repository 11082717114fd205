MINE = "probes"
