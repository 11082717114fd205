MINE = "fractions_of"
