from tiny import keras, make, x

model = make(keras.layers.BatchNormalization())
layer = model.layers[0]


def shown():
    return [weight.tolist() for weight in layer.get_weights()], layer.trainable, layer.built, model.trainable


for _ in range(10):
    model.predict(x, verbose=0)
    model(x)
print("predicted:", shown())
model(x, training=True)
print("trained:", shown())
