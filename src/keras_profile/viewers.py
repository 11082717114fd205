"""Other people's viewers: what each loads and how, and those that are started here."""
from __future__ import annotations

#: How the file of each format is loaded, in the words that the user reads.
LOADING = {
    "speedscope": "drop it on https://www.speedscope.app, or: npx speedscope {path}",
    "chrome": "load it in chrome://tracing, or drop it on https://ui.perfetto.dev",
    "perfetto": "drop it on https://ui.perfetto.dev, or: Open trace file",
    "firefox": "load it on https://profiler.firefox.com: Load a profile from file",
    "collapsed": "flamegraph.pl --countname us {path} > flame.svg, or drop it on https://www.speedscope.app",
    "pprof": "go tool pprof -http=localhost: {path}, or drop it on https://www.speedscope.app",
    "pstats": "python -m pstats {path}, snakeviz {path}, or tuna {path}",
}
