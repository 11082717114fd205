import decimal
import locale

print("locale:", locale.setlocale(locale.LC_ALL), locale.setlocale(locale.LC_NUMERIC, "C"))
print("set:", locale.setlocale(locale.LC_CTYPE, "C.UTF-8"))
decimal.getcontext().traps[decimal.Inexact] = True
from tiny import model, np, x

np.seterr(all="raise")
np.set_printoptions(precision=2)
print("result:", model.predict(x, verbose=0).tolist())
print("numpy:", np.geterr(), np.get_printoptions()["precision"])
print("locale:", locale.setlocale(locale.LC_ALL), decimal.getcontext().traps[decimal.Inexact])
