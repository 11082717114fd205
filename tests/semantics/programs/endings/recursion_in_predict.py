from tiny import keras, np, x


class Deep(keras.Model):
    def predict(self, *arguments, **options):
        return self.predict(*arguments, **options)


from tiny import model

model.predict(x, verbose=0)
try:
    Deep().predict(x)
except RecursionError as error:
    print("raised:", str(error).partition(" while")[0], np.__name__)
Deep().predict(x)
