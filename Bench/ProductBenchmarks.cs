using BenchmarkDotNet.Attributes;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>A benchmark whose cases know their arithmetic, so that the table can say GFLOP/s and the share of the FMA peak.</summary>
interface IArithmetic
{
    long Flops { get; }
}

public record struct ProductCase(string Name, MatMulShape Shape) : IArithmetic
{
    readonly long IArithmetic.Flops => Shape.Flops;
    public override readonly string ToString() => Name;
}

public record struct ConvolutionCase(string Name, Conv2dShape Shape) : IArithmetic
{
    readonly long IArithmetic.Flops => Shape.Flops;
    public override readonly string ToString() => Name;
}

public class MatMul
{
    [ParamsSource(nameof(Cases))] public ProductCase Case;

    public static IEnumerable<ProductCase> Cases =>
    [
        new("1024×1024×1024", new(1024, 1024, 1024)),
        new("72×3136×576", new(72, 3136, 576)),
        new("128×128×9216 dense layer", new(128, 128, 9216, transposeB: true)),
    ];

    CpuDevice _device = null!;
    MatMulWork _work = null!;

    [GlobalSetup] public void Open() => _work = new(_device = new(), Case.Shape);
    [Benchmark] public void Multiply() => _work.Run();

    [GlobalCleanup]
    public void Close()
    {
        _work.Dispose();
        _device.Dispose();
    }
}

public class Conv2d
{
    [ParamsSource(nameof(Cases))] public ConvolutionCase Case;

    public static IEnumerable<ConvolutionCase> Cases =>
    [
        new("3→64 7×7/2 224", new(8, 3, 224, 224, 64, 7, 7, 2, 2, 3, 3)),
        new("64→64 3×3 56", new(8, 64, 56, 56, 64, 3, 3, padH: 1, padW: 1)),
        new("128→128 3×3/2 56", new(8, 128, 56, 56, 128, 3, 3, 2, 2, 1, 1)),
        new("256→1024 1×1 14", new(8, 256, 14, 14, 1024, 1, 1)),
        new("512→512 3×3 7", new(8, 512, 7, 7, 512, 3, 3, padH: 1, padW: 1)),
        new("32→64 3×3 26 digits", new(128, 32, 26, 26, 64, 3, 3)),
    ];

    CpuDevice _device = null!;
    Conv2dWork _forward = null!, _input = null!, _weight = null!;

    [GlobalSetup]
    public void Open()
    {
        _device = new();
        _forward = new(_device, Case.Shape, static (d, x, w, y, s) => d.Conv2d.Forward(x, w, View.Empty, y, s));
        _input = new(_device, Case.Shape, static (d, x, w, y, s) => d.Conv2d.BackwardInput(y, w, x, s));
        _weight = new(_device, Case.Shape, static (d, x, w, y, s) => d.Conv2d.BackwardWeight(x, y, w, s));
    }

    [Benchmark] public void Forward() => _forward.Run();
    [Benchmark] public void BackwardInput() => _input.Run();
    [Benchmark] public void BackwardWeight() => _weight.Run();

    [GlobalCleanup]
    public void Close()
    {
        _forward.Dispose();
        _input.Dispose();
        _weight.Dispose();
        _device.Dispose();
    }
}
