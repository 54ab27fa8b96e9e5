"""The networks of mediapipe's wheel as ONNX: read, rewritten, checked against the originals."""
