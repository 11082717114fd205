import pytest

from tiny import keras, model, np, x


def test_rows(capfd):
    assert model.predict(x, verbose=0).shape == (8, 1)
    assert capfd.readouterr() == ("", "")


def test_error():
    with pytest.raises(ValueError, match="incompatible") as caught:
        model(np.ones((2, 7), "float32"))
    assert not [entry for entry in caught.traceback if "/recorder/" in str(entry.path)]


def test_patched(monkeypatch):
    monkeypatch.setattr(keras.Model, "predict", lambda self, inputs: 5)
    assert model.predict(x) == 5
