"""ncnn in float32, one image at a time, as pnnx converted the network."""
import ncnn
import numpy


class Runner:
    version = ncnn.__version__

    def __init__(self, model, shape, batches, threads):
        self.net = ncnn.Net()
        option = self.net.opt
        option.num_threads = threads
        option.use_vulkan_compute = False
        option.use_fp16_packed = option.use_fp16_storage = option.use_fp16_arithmetic = False
        option.use_bf16_storage = False
        if self.net.load_param(f"{model}.param") or self.net.load_model(f"{model}.bin"):
            raise SystemExit(f"ncnn cannot load {model}")
        self.images = {}

    def prepare(self, batch, images):
        self.images[batch] = [ncnn.Mat(image) for image in images]

    def run(self, batch):
        rows = []
        for image in self.images[batch]:
            extractor = self.net.create_extractor()
            extractor.input("in0", image)
            status, row = extractor.extract("out0")
            if status:
                raise SystemExit("ncnn cannot run the network")
            rows.append(numpy.array(row))
        return rows
