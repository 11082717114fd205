MINE = "wave"
