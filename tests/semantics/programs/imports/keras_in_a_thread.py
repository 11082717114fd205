import threading

made = {}


def work():
    import tiny

    made["result"] = tiny.model.predict(tiny.x, verbose=0).tolist()


thread = threading.Thread(target=work, name="importer")
thread.start()
import keras

thread.join()
print("result:", made["result"], keras.__name__)
import tiny

print("again:", tiny.model.predict(tiny.x, verbose=0).tolist())
