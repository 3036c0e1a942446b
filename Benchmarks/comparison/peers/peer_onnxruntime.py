"""ONNX Runtime: `threads` threads in an operator, one operator at a time."""
import onnxruntime


class Runner:
    version = onnxruntime.__version__

    def __init__(self, model, shape, batches, threads):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        self.session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"])
        self.name = self.session.get_inputs()[0].name
        self.inputs = {}

    def prepare(self, batch, images):
        self.inputs[batch] = {self.name: images}

    def run(self, batch):
        return self.session.run(None, self.inputs[batch])[0]
