global using IlgpuXai.Kernels;
global using View = ILGPU.ArrayView<float>;
global using IntView = ILGPU.ArrayView<int>;
global using SignView = ILGPU.ArrayView<ushort>;
