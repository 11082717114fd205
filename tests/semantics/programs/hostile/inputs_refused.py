#: unrecorded inputs that refuse to be looked at are left out
from tiny import model, np, x


class Refuses(np.ndarray):
    def copy(self, *arguments):
        raise LookupError("refused")

    def __repr__(self):
        raise LookupError("refused")

    __deepcopy__ = __copy__ = __reduce__ = copy


data = x.view(Refuses)
for call in (model, lambda inputs: model.predict(inputs, verbose=0), model.predict_on_batch):
    try:
        print("result:", call(data).shape)
    except Exception as error:
        print("error:", repr(error))
