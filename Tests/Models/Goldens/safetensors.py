"""Reading and writing safetensors with nothing but numpy."""
import json
import struct

import numpy as np

TYPES = {"F32": "<f4", "F16": "<f2", "I64": "<i8"}


def write(path, arrays, **metadata):
    header, data = {"__metadata__": metadata}, []
    end = 0
    for name, value in arrays.items():
        bytes_ = np.ascontiguousarray(value, dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(np.shape(value)), "data_offsets": [end, end + len(bytes_)]}
        data.append(bytes_)
        end += len(bytes_)
    text = json.dumps(header).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text)
        f.writelines(data)


def read(path):
    with open(path, "rb") as f:
        header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
        data = f.read()
    return {name: np.frombuffer(data[entry["data_offsets"][0]:entry["data_offsets"][1]], TYPES[entry["dtype"]]).reshape(entry["shape"]).astype(np.float32)
            for name, entry in header.items() if name != "__metadata__"}
