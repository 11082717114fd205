MINE = "the user's beside the script"
