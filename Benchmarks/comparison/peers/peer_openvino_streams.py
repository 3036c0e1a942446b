"""OpenVINO for throughput: images one by one, several at once, as many as it finds best."""
import numpy
import openvino

import peer_openvino


class Runner(peer_openvino.Runner):
    hint = "THROUGHPUT"

    def prepare(self, batch, images):
        if not self.requests:
            self.queue = openvino.AsyncInferQueue(self.compile(1), 0)
            self.queue.set_callback(self.keep)
        self.requests[batch] = [
            openvino.Tensor(images[index : index + 1], shared_memory=True)
            for index in range(batch)
        ]

    def keep(self, request, index):
        self.rows[index] = request.get_output_tensor().data.copy()

    def run(self, batch):
        self.rows = [None] * batch
        for index, image in enumerate(self.requests[batch]):
            self.queue.start_async(image, userdata=index, share_inputs=True)
        self.queue.wait_all()
        return numpy.concatenate(self.rows)
