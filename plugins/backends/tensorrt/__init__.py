"""NVIDIA's TensorRT, in either of its packages, with the memory of the streams on the GPU.

No GPU has run this yet. What a processor can show is tested: NVIDIA's own parser and builder take
the shipped model, the calls exist in `cuda.bindings`, and the engine's logic holds on a stand-in
for the CUDA calls. Kernels, their speed and their numbers are not.
"""
