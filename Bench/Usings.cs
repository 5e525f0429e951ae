global using View = ILGPU.ArrayView<float>;
