#: closer 1
import shelve
import sqlite3

from tiny import model, x

shelf = shelve.open("shelf", writeback=True)
shelf["one"] = [1]
shelf["one"].append(float(model.predict(x, verbose=0)[0, 0]))
database = sqlite3.connect("database")
database.execute("create table results (value)")
database.commit()
database.execute("insert into results values (?)", [float(model(x)[0, 0])])
