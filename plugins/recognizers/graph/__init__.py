"""A continual spatio-temporal graph network, served by onnxruntime."""
