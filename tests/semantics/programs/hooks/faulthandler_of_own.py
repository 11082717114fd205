import faulthandler

from tiny import model, x

print("enabled:", faulthandler.is_enabled())
with open("later", "w") as file:
    faulthandler.dump_traceback_later(1000, file=file)
    model.predict(x, verbose=0)
    faulthandler.cancel_dump_traceback_later()
print("enabled:", faulthandler.is_enabled(), faulthandler.unregister(10))
