import traceback

from tiny import model, np, x


def show(label):
    text = traceback.format_exc()
    print(label, text.replace("\n", "|"))


model.predict(x, verbose=0)
bad = np.ones((2, 7), "float32")
for label, call in (
    ("predict:", lambda: model.predict(bad, verbose=0)),
    ("call:", lambda: model(bad)),
    ("on batch:", lambda: model.predict_on_batch(bad)),
    ("nothing:", lambda: model()),
    ("unknown:", lambda: model.predict(x, nosuch=1)),
):
    try:
        call()
    except Exception:
        show(label)
