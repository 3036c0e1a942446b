"""Loads a safetensors file with the official package and saves it again.

    python rewrite_safetensors.py SOURCE TARGET [float32|float16|float64|bfloat16]
"""

import sys

import ml_dtypes
import numpy as np
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

source, target = sys.argv[1:3]
with safe_open(source, framework="numpy") as file:
    metadata = file.metadata()
tensors = load_file(source)
if len(sys.argv) > 3:
    kind = {"bfloat16": ml_dtypes.bfloat16}.get(sys.argv[3]) or np.dtype(sys.argv[3])
    tensors = {k: v.astype(kind) if v.dtype == np.float32 else v for k, v in tensors.items()}
for name in sorted(tensors):
    print(name, tensors[name].dtype, list(tensors[name].shape))
save_file(tensors, target, metadata=metadata)
