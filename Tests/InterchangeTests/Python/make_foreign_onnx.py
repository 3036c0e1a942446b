"""Writes an ONNX file as other tools do: typed data, strings, a subgraph, another domain's opset.

    python make_foreign_onnx.py TARGET
"""

import sys

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save

scalar = helper.make_tensor_value_info("y", TensorProto.FLOAT, [])
branch = helper.make_graph(
    [helper.make_node("Constant", [], ["y"], value_float=1.0)], "branch", [], [scalar])
nodes = [
    helper.make_node("If", ["condition"], ["one"], then_branch=branch, else_branch=branch),
    helper.make_node("Gemm", ["x", "typed"], ["product"]),
    helper.make_node("Add", ["product", "one"], ["sum"]),
]
graph = helper.make_graph(
    nodes, "foreign",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", 2]),
     helper.make_tensor_value_info("condition", TensorProto.BOOL, [])],
    [helper.make_tensor_value_info("sum", TensorProto.FLOAT, None)],
    [helper.make_tensor("typed", TensorProto.FLOAT, [2, 3], list(range(6))),
     helper.make_tensor("words", TensorProto.STRING, [2], ["a", "bc"]),
     numpy_helper.from_array(np.zeros((2, 2), np.float16), "half")])
opsets = [helper.make_opsetid("ai.onnx.ml", 3), helper.make_opsetid("", 17)]
save(helper.make_model(graph, producer_name="other", opset_imports=opsets, ir_version=8), sys.argv[1])
