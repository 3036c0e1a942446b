import json
import sys

import numpy
import onnxruntime
from PIL import Image

model, path = sys.argv[1:]
session = onnxruntime.InferenceSession(model)
labels = json.loads(session.get_modelmeta().custom_metadata_map["labels"])
image = numpy.asarray(Image.open(path).convert("L"))[None, None]
(probabilities,) = session.run(["probabilities"], {"image": image})[0]
for index in probabilities.argsort()[::-1][:3]:
    print(labels[index], f"{probabilities[index]:.1%}")
