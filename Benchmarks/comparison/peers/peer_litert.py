"""LiteRT with XNNPACK, as `tflite_from_onnx.py` converted the network."""
import ai_edge_litert
from ai_edge_litert.interpreter import Interpreter


class Runner:
    version = ai_edge_litert.__version__

    def __init__(self, model, shape, batches, threads):
        self.model = model
        self.threads = threads
        self.runs = {}

    def prepare(self, batch, images):
        interpreter = Interpreter(model_path=self.model, num_threads=self.threads)
        place = interpreter.get_input_details()[0]["index"]
        interpreter.resize_tensor_input(place, [batch, *images.shape[2:], images.shape[1]])
        interpreter.allocate_tensors()
        interpreter.set_tensor(place, images.transpose(0, 2, 3, 1))
        self.runs[batch] = (interpreter, interpreter.get_output_details()[0]["index"])

    def run(self, batch):
        interpreter, place = self.runs[batch]
        interpreter.invoke()
        return interpreter.get_tensor(place)
