"""Our ONNX files as LiteRT's: channels last, batch normalisation folded, ReLU fused.

LiteRT's own converters start from PyTorch or TensorFlow modules. The few operations of these networks
need neither: the schema that the ai-edge-litert package carries is enough to write them.
"""
import flatbuffers
import numpy
import onnx
from ai_edge_litert import schema_py_generated as tfl

FLOAT, INT = tfl.TensorType.FLOAT32, tfl.TensorType.INT32
RELU, NONE = tfl.ActivationFunctionType.RELU, tfl.ActivationFunctionType.NONE
LAST = [0, 2, 3, 1]


def convert(path, shape):
    """The bytes of the LiteRT file of an ONNX file, for input of `shape` [N, C, H, W]."""
    model = onnx.load(path)
    for dimension, extent in zip(model.graph.input[0].type.tensor_type.shape.dim, shape):
        dimension.dim_value = extent
    return Converter(onnx.shape_inference.infer_shapes(model).graph).bytes()


class Converter:
    def __init__(self, graph):
        self.weights = {
            tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
        values = [*graph.input, *graph.value_info, *graph.output]
        self.shapes = {
            value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim]
            for value in values}
        self.readers = {}
        for node in graph.node:
            for name in node.input:
                self.readers.setdefault(name, []).append(node)
        self.buffers = [tfl.BufferT()]
        self.tensors, self.codes, self.operators = [], [], []
        self.places, self.done = {}, set()
        # Values that are nowhere negative: padding them with zeros leaves a maximum as it is.
        self.positive = set()
        self.places[graph.input[0].name] = self.value(graph.input[0].name)
        for node in graph.node:
            if node.output[0] not in self.done:
                getattr(self, node.op_type.lower())(node)
        self.ends = (graph.input[0].name, graph.output[0].name)

    # Tensors and operators.

    def tensor(self, shape, kind=FLOAT, buffer=0):
        tensor = tfl.TensorT()
        tensor.shape, tensor.type, tensor.buffer = list(shape), kind, buffer
        tensor.name = f"t{len(self.tensors)}"
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def value(self, name):
        shape = self.shapes[name]
        return self.tensor([shape[axis] for axis in LAST] if len(shape) == 4 else shape)

    def constant(self, array, kind=FLOAT):
        array = numpy.ascontiguousarray(array, numpy.float32 if kind == FLOAT else numpy.int32)
        buffer = tfl.BufferT()
        buffer.data = array.view(numpy.uint8).ravel()
        self.buffers.append(buffer)
        return self.tensor(array.shape, kind, len(self.buffers) - 1)

    def add_operator(self, kind, inputs, output, options=None):
        code = next((i for i, c in enumerate(self.codes) if c.builtinCode == kind), None)
        if code is None:
            entry = tfl.OperatorCodeT()
            entry.builtinCode, entry.version = kind, 1
            entry.deprecatedBuiltinCode = min(kind, 127)
            self.codes.append(entry)
            code = len(self.codes) - 1
        operator = tfl.OperatorT()
        operator.opcodeIndex, operator.inputs, operator.outputs = code, inputs, [output]
        if options is not None:
            operator.builtinOptions = options
            operator.builtinOptionsType = getattr(
                tfl.BuiltinOptions, type(options).__name__.removesuffix("T"))
        self.operators.append(operator)

    def finish(self, node, kind, inputs, options):
        """Adds an operator that computes a node, and the ReLU that alone reads it."""
        output = self.only_reader(node.output[0], "Relu")
        options.fusedActivationFunction = RELU if output else NONE
        name = output or node.output[0]
        if output:
            self.done.add(output)
            self.positive.add(output)
        self.places[name] = self.value(name)
        self.add_operator(kind, inputs, self.places[name], options)

    def only_reader(self, name, kind):
        """The output of the node that alone reads a value, if it is of a kind."""
        readers = self.readers.get(name, [])
        return readers[0].output[0] if len(readers) == 1 and readers[0].op_type == kind else None

    # Windows: LiteRT pads as TensorFlow does, or not at all.

    def window(self, node, name, is_maximum=False):
        """The input, padded where that needs an operator of its own, and TensorFlow's padding."""
        kernel, strides = attribute(node, "kernel_shape"), attribute(node, "strides", [1, 1])
        pads = attribute(node, "pads", [0] * 4)
        if not any(pads):
            return self.places[name], tfl.Padding.VALID
        if pads == same(self.shapes[name][2:], kernel, strides):
            return self.places[name], tfl.Padding.SAME
        if is_maximum and name not in self.positive:
            raise NotImplementedError("a padded maximum of values that may be negative")
        n, c, h, w = self.shapes[name]
        padded = self.tensor([n, h + pads[0] + pads[2], w + pads[1] + pads[3], c])
        widths = self.constant([[0, 0], pads[0::2], pads[1::2], [0, 0]], INT)
        self.add_operator(
            tfl.BuiltinOperator.PAD, [self.places[name], widths], padded, tfl.PadOptionsT())
        return padded, tfl.Padding.VALID

    def pool(self, node, kind, is_maximum):
        name = node.input[0]
        options = tfl.Pool2DOptionsT()
        source, options.padding = self.window(node, name, is_maximum)
        options.filterHeight, options.filterWidth = attribute(node, "kernel_shape")
        options.strideH, options.strideW = attribute(node, "strides", [1, 1])
        if name in self.positive:
            self.positive.add(node.output[0])
        self.finish(node, kind, [source], options)

    # ONNX's operators by their names in lower case.

    def conv(self, node):
        weight = self.weights[node.input[1]].transpose(LAST).astype(numpy.float64)
        bias = self.weights[node.input[2]] if len(node.input) > 2 else numpy.zeros(len(weight))
        folded = self.only_reader(node.output[0], "BatchNormalization")
        if attribute(node, "group", 1) != 1 or attribute(node, "dilations", [1, 1]) != [1, 1]:
            raise NotImplementedError("a convolution in groups or with dilation")
        options = tfl.Conv2DOptionsT()
        source, options.padding = self.window(node, node.input[0])
        options.strideH, options.strideW = attribute(node, "strides", [1, 1])
        options.dilationHFactor = options.dilationWFactor = 1
        if folded:
            norm = self.readers[node.output[0]][0]
            scale, shift = self.normalization(norm)
            weight, bias = weight * scale[:, None, None, None], bias * scale + shift
            self.done.add(folded)
            node = norm
        inputs = [source, self.constant(weight), self.constant(bias)]
        self.finish(node, tfl.BuiltinOperator.CONV_2D, inputs, options)

    def normalization(self, node):
        gamma, beta, mean, variance = (
            self.weights[name].astype(numpy.float64) for name in node.input[1:5])
        scale = gamma / numpy.sqrt(variance + attribute(node, "epsilon", 1e-5))
        return scale, beta - mean * scale

    def batchnormalization(self, node):
        scale, shift = self.normalization(node)
        scaled = self.value(node.input[0])
        inputs = [self.places[node.input[0]], self.constant(scale)]
        self.add_operator(tfl.BuiltinOperator.MUL, inputs, scaled, tfl.MulOptionsT())
        self.finish(
            node, tfl.BuiltinOperator.ADD, [scaled, self.constant(shift)], tfl.AddOptionsT())

    def relu(self, node):
        name = node.output[0]
        self.positive.add(name)
        self.places[name] = self.value(name)
        self.add_operator(tfl.BuiltinOperator.RELU, [self.places[node.input[0]]], self.places[name])

    def add(self, node):
        inputs = [self.places[name] for name in node.input]
        self.finish(node, tfl.BuiltinOperator.ADD, inputs, tfl.AddOptionsT())

    def concat(self, node):
        options = tfl.ConcatenationOptionsT()
        options.axis = 3
        if all(name in self.positive for name in node.input):
            self.positive.add(node.output[0])
        inputs = [self.places[name] for name in node.input]
        self.finish(node, tfl.BuiltinOperator.CONCATENATION, inputs, options)

    def maxpool(self, node):
        self.pool(node, tfl.BuiltinOperator.MAX_POOL_2D, True)

    def averagepool(self, node):
        if any(attribute(node, "pads", [0])):
            raise NotImplementedError("a padded mean")
        self.pool(node, tfl.BuiltinOperator.AVERAGE_POOL_2D, False)

    def globalaveragepool(self, node):
        options = tfl.ReducerOptionsT()
        options.keepDims = True
        name = node.output[0]
        self.places[name] = self.value(name)
        inputs = [self.places[node.input[0]], self.constant([1, 2], INT)]
        self.add_operator(tfl.BuiltinOperator.MEAN, inputs, self.places[name], options)

    def flatten(self, node):
        name = node.output[0]
        self.places[name] = self.value(name)
        shape = self.constant([-1, self.shapes[name][1]], INT)
        inputs = [self.places[node.input[0]], shape]
        self.add_operator(
            tfl.BuiltinOperator.RESHAPE, inputs, self.places[name], tfl.ReshapeOptionsT())
        # What reads it finds its features in another order.
        self.flat = (name, self.shapes[node.input[0]][1:])

    def gemm(self, node):
        weight, bias = self.weights[node.input[1]], self.weights[node.input[2]]
        name, shape = self.flat
        if node.input[0] == name:
            ordered = weight.reshape(-1, *shape).transpose(LAST)
            weight = ordered.reshape(weight.shape)
        inputs = [self.places[node.input[0]], self.constant(weight), self.constant(bias)]
        options = tfl.FullyConnectedOptionsT()
        self.finish(node, tfl.BuiltinOperator.FULLY_CONNECTED, inputs, options)

    def bytes(self):
        graph = tfl.SubGraphT()
        graph.tensors, graph.operators = self.tensors, self.operators
        graph.inputs, graph.outputs = ([self.places[name]] for name in self.ends)
        model = tfl.ModelT()
        model.version, model.subgraphs = 3, [graph]
        model.operatorCodes, model.buffers = self.codes, self.buffers
        builder = flatbuffers.Builder(1 << 20)
        builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
        return bytes(builder.Output())


def attribute(node, name, default=None):
    for entry in node.attribute:
        if entry.name == name:
            value = onnx.helper.get_attribute_value(entry)
            return list(value) if hasattr(value, "__len__") else value
    return default


def same(sizes, kernel, strides):
    """The padding that TensorFlow calls SAME: [top, left, bottom, right]."""
    pads = []
    for size, extent, stride in zip(sizes, kernel, strides):
        total = max(((size + stride - 1) // stride - 1) * stride + extent - size, 0)
        pads.append((total // 2, total - total // 2))
    return [pads[0][0], pads[1][0], pads[0][1], pads[1][1]]
