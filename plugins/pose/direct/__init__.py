"""MediaPipe's networks run one by one, without MediaPipe's graph."""
