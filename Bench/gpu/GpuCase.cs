using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>A row of the table: an operation with its sizes, in the words that a peer script reads too.</summary>
/// <param name="Flops">Of the definition; 0 where moving memory is the work.</param>
/// <param name="Bytes">Read and written at least.</param>
readonly record struct GpuCase(string Name, string Op, int[] Dims, double Flops, double Bytes)
{
    /// <summary>Every row; the small ones are for trials on emulated devices.</summary>
    public static IEnumerable<GpuCase> All(bool small) =>
        [.. Products(small), .. (int[])[8, 32] is var batches && small ? Convolutions(2, small) : batches.SelectMany(n => Convolutions(n, small)), .. Others(small)];

    static IEnumerable<GpuCase> Products(bool small)
    {
        (int M, int N, int K)[] sizes = small ? [(65, 33, 40)] : [(1024, 1024, 1024), (4096, 4096, 4096), (72, 3136, 576)];
        foreach (var (m, n, k) in sizes)
            yield return new($"product {m}×{n}×{k}", "matmul", [m, n, k], 2.0 * m * n * k, 4.0 * ((double)m * k + (double)k * n + (double)m * n));
    }

    // channels, size, filters, kernel, stride: layers of ResNet-50
    static readonly (int C, int Size, int K, int R, int Stride)[] s_layers =
        [(3, 224, 64, 7, 2), (64, 56, 64, 3, 1), (64, 56, 256, 1, 1), (128, 56, 128, 3, 2), (256, 14, 1024, 1, 1), (256, 14, 256, 3, 1), (512, 7, 512, 3, 1)];

    static IEnumerable<GpuCase> Convolutions(int batch, bool small)
    {
        foreach (var layer in small ? [(3, 9, 4, 3, 2), (5, 7, 6, 1, 1)] : s_layers)
            foreach (string direction in (string[])["forward", "input gradient", "weight gradient"])
            {
                var (c, size, k, r, stride) = layer;
                var s = new Conv2dShape(batch, c, size, size, k, r, r, stride, stride, r / 2, r / 2);
                yield return new($"conv2d {direction} {c}→{k} {r}×{r}/{stride} {size}, batch {batch}", $"conv2d {direction}", [batch, c, size, k, r, stride], s.Flops, 4.0 * (s.XSize + s.WSize + s.YSize));
            }
    }

    static IEnumerable<GpuCase> Others(bool small)
    {
        int length = small ? 1 << 10 : 1 << 24, rows = small ? 7 : 16384, batch = small ? 2 : 32, channels = small ? 3 : 64, side = small ? 9 : 56, pooled = small ? 9 : 112;
        const int classes = 1000;
        double images = 4.0 * batch * channels * side * side, planes = 4.0 * batch * channels * pooled * pooled;
        yield return new($"relu {length}", "relu", [length], 0, 8.0 * length);
        yield return new($"tanh {length}", "tanh", [length], 0, 8.0 * length);
        yield return new($"add {length}", "add", [length], 0, 12.0 * length);
        yield return new($"softmax {rows}×{classes}", "softmax", [rows, classes], 0, 8.0 * rows * classes);
        yield return new($"sum of {length}", "sum", [length], 0, 4.0 * length);
        yield return new($"batch norm, inference, {batch}×{channels}×{side}²", "batch norm inference", [batch, channels, side], 0, 2 * images);
        yield return new($"batch norm, training, {batch}×{channels}×{side}²", "batch norm training", [batch, channels, side], 0, 3 * images);
        yield return new($"max-pool 3×3/2 {batch}×{channels}×{pooled}²", "max-pool", [batch, channels, pooled], 0, planes * 1.25);
        yield return new($"Adam step {length}", "adam", [length], 0, 28.0 * length);
    }
}
