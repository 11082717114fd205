import tensorflow as tf

from tiny import keras, make, np, x


class Mine(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner, self.steps = make(), 0

    def call(self, inputs):
        return self.inner(inputs)

    def train_step(self, data):
        self.steps += 1
        inputs, targets = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((self(inputs, training=True) - targets) ** 2)
        self.optimizer.apply(tape.gradient(loss, self.trainable_variables), self.trainable_variables)
        return {"loss": loss}


model = Mine()
model.compile(optimizer=keras.optimizers.SGD(1e-4))
model.predict(x, verbose=0)
history = model.fit(x, np.ones((8, 1), "float32"), epochs=3, batch_size=4, shuffle=False, verbose=0)
print("losses:", history.history, model.steps, int(model.optimizer.iterations))
print("result:", model.predict(x, verbose=0).tolist())
with tf.GradientTape() as tape:
    out = tf.reduce_sum(model(x))
print("gradients:", [one.numpy().tolist() for one in tape.gradient(out, model.trainable_variables)])
