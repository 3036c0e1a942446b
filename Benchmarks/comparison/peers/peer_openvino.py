"""OpenVINO: one request at a time on all `threads` threads, each batch size compiled for itself."""
import openvino


class Runner:
    hint = "LATENCY"
    version = openvino.__version__

    def __init__(self, model, shape, batches, threads):
        self.core = openvino.Core()
        self.model = model
        self.shape = shape
        self.settings = {
            "INFERENCE_NUM_THREADS": threads,
            "PERFORMANCE_HINT": self.hint,
            # Without it float32 networks run in bfloat16 where the processor can.
            "INFERENCE_PRECISION_HINT": "f32",
        }
        self.requests = {}

    def compile(self, batch):
        model = self.core.read_model(self.model)
        model.reshape([batch, *self.shape])
        return self.core.compile_model(model, "CPU", self.settings)

    def prepare(self, batch, images):
        request = self.compile(batch).create_infer_request()
        request.set_input_tensor(openvino.Tensor(images, shared_memory=True))
        self.requests[batch] = request

    def run(self, batch):
        request = self.requests[batch]
        request.infer()
        return request.get_output_tensor().data
