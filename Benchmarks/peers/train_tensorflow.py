#!/usr/bin/env python3
"""Steps of a network in TensorFlow: `train_tensorflow.py NETWORK fp32|bf16 BATCH THREADS STEPS`.

Prints TensorFlow's version and the seconds of each step after two to warm up, as JSON. One
tf.function a step, mixed_bfloat16, plain SGD, one fixed batch in memory.
"""
import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf

layers = tf.keras.layers


def conv(x, outputs, kernel, stride=1, padding=0, bias=True):
    if padding:
        x = layers.ZeroPadding2D(padding)(x) if stride > 1 or 2 * padding + 1 != kernel else x
    mode = "same" if padding and stride == 1 and 2 * padding + 1 == kernel else "valid"
    return layers.Conv2D(outputs, kernel, stride, padding=mode, use_bias=bias)(x)


def relu(x):
    return layers.ReLU()(x)


def head(x):
    x = layers.Flatten()(x)
    for _ in range(2):
        x = layers.Dropout(0.5)(layers.Dense(4096, activation="relu")(x))
    return layers.Dense(10, dtype="float32")(x)


def alexnet(x):
    pool = layers.MaxPooling2D
    x = pool(3, 2)(relu(conv(x, 96, 11, 4, 1)))
    x = pool(3, 2)(relu(conv(x, 256, 5, 1, 2)))
    for outputs in [384, 384, 256]:
        x = relu(conv(x, outputs, 3, 1, 1))
    return head(pool(3, 2)(x))


def vgg11_small(x):
    for stage in [[16], [32], [64, 64], [128, 128], [128, 128]]:
        for outputs in stage:
            x = relu(conv(x, outputs, 3, 1, 1))
        x = layers.MaxPooling2D(2)(x)
    return head(x)


def normalised(x, outputs, kernel, stride, padding):
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(
        conv(x, outputs, kernel, stride, padding, bias=False))


def resnet18(x):
    x = relu(normalised(x, 64, 7, 2, 3))
    x = layers.MaxPooling2D(3, 2)(layers.ZeroPadding2D(1)(x))
    for outputs in [64, 128, 256, 512]:
        for index in range(2):
            stride = 2 if index == 0 and outputs > 64 else 1
            body = relu(normalised(x, outputs, 3, stride, 1))
            body = normalised(body, outputs, 3, 1, 1)
            skip = normalised(x, outputs, 1, stride, 0) if stride > 1 else x
            x = relu(layers.Add()([body, skip]))
    return layers.Dense(10, dtype="float32")(layers.GlobalAveragePooling2D()(x))


def main():
    name, precision, batch, threads, steps = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:6])
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(threads)
    if precision == "bf16":
        tf.keras.mixed_precision.set_global_policy("mixed_bfloat16")
    tf.random.set_seed(0)
    build, size = {"alexnet": (alexnet, 224), "vgg11-small": (vgg11_small, 224),
                   "resnet18": (resnet18, 96)}[name]
    source = layers.Input((size, size, 1))
    model = tf.keras.Model(source, build(source))
    optimizer = tf.keras.optimizers.SGD(0.001)
    loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    @tf.function
    def step(images, labels):
        with tf.GradientTape() as tape:
            loss = loss_of(labels, model(images, training=True))
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
        return loss

    images = tf.random.normal((batch, size, size, 1))
    labels = tf.random.uniform((batch,), maxval=10, dtype=tf.int32)
    seconds = []
    for _ in range(steps + 2):
        start = time.perf_counter()
        float(step(images, labels))
        seconds.append(time.perf_counter() - start)
    parameters = sum(int(tf.size(v)) for v in model.trainable_variables)
    print(json.dumps({"version": tf.__version__, "parameters": parameters,
                      "seconds": seconds[2:]}))


if __name__ == "__main__":
    main()
