MINE = "protocol"
