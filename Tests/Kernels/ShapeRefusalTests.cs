using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Geometries that no kernel can run are refused when they are made, in one line.</summary>
sealed class ShapeRefusalTests
{
    static readonly (string Message, Func<object> Make)[] Cases =
    [
        ("pool2d: input 0×5 must be at least 1×1", () => new Pool2dShape(2, 0, 5, 2, 2, 1, 1, 1, 1)),
        ("pool2d: input 5×0 must be at least 1×1", () => new Pool2dShape(2, 5, 0, 2, 2, 1, 1, 1, 1)),
        ("pool2d: window 3×2 is larger than the padded input 2×5", () => new Pool2dShape(2, 2, 5, 3, 2, 1, 1)),
        ("pool2d: input 0×5 must be at least 1×1", () => new AdaptivePoolShape(2, 0, 5, 2, 3)),
        ("pool2d: input 5×-1 must be at least 1×1", () => new AdaptivePoolShape(2, 5, -1, 2, 3)),
        ("pool2d: output size (0, 3) must be at least 1", () => new AdaptivePoolShape(2, 4, 5, 0, 3)),
        ("pool2d: output size (3, 0) must be at least 1", () => new AdaptivePoolShape(2, 4, 5, 3, 0)),
        ("resize: cannot resample 0×5 to 2×3", () => new ResizeShape(2, 0, 5, 2, 3)),
        ("resize: cannot resample 5×0 to 2×3", () => new ResizeShape(2, 5, 0, 2, 3)),
        ("resize: cannot resample 4×5 to 0×3", () => new ResizeShape(2, 4, 5, 0, 3)),
        ("resize: cannot resample 4×5 to 3×-2", () => new ResizeShape(2, 4, 5, 3, -2)),
        ("conv2d: x 64×64×1024×1024 has more than 2147483647 elements", () => new Conv2dShape(64, 64, 1024, 1024, 1, 3, 3)),
        ("conv2d: w 65536×65536×1×1 has more than 2147483647 elements", () => new Conv2dShape(1, 65536, 1, 1, 65536, 1, 1)),
        ("conv2d: y 32×64×1024×1024 has more than 2147483647 elements", () => new Conv2dShape(32, 1, 1024, 1024, 64, 1, 1)),
        ("conv2d: kernel 4294967295×1 (with dilation) is larger than the padded input 9×9", () => new Conv2dShape(1, 1, 9, 9, 1, 3, 1, dilationH: int.MaxValue)),
        ("conv2d: the padded input 4294967303×9 is larger than 2147483647 pixels along an axis", () => new Conv2dShape(1, 1, 9, 9, 1, 3, 1, padH: int.MaxValue)),
        ("matmul: a 65536×32768 has more than 2147483647 elements", () => new MatMulShape(65536, 1, 32768)),
        ("matmul: b 65536×32768 has more than 2147483647 elements", () => new MatMulShape(1, 32768, 65536)),
        ("matmul: c 65536×65536 has more than 2147483647 elements", () => new MatMulShape(65536, 65536, 1)),
        ("broadcast: y 1×1×65536×65536 has more than 2147483647 elements", () => BroadcastShape.Of([65536, 1, 1, 1], [1, 1, 65536, 1])),
        ("softmax: x 65536×65536 has more than 2147483647 elements", () => new SoftmaxShape(65536, 65536)),
    ];

    static IEnumerable<TestCaseData> All => Cases.Select((c, i) => new TestCaseData(c.Message, c.Make).SetArgDisplayNames($"{i}: {c.Message}"));

    [TestCaseSource(nameof(All))]
    public void Refused(string message, Func<object> make) => Assert.That(() => make(), Throws.TypeOf<ShapeException>().With.Message.EqualTo(message));

    [Test]
    public void The_largest_sizes_and_empty_batches_are_accepted()
    {
        Assert.That(new MatMulShape(65536, 1, 32767).StrideA, Is.EqualTo(65536 * 32767));
        Assert.That(new Conv2dShape(0, 65536, 128, 512, 4, 1, 1).XSize, Is.Zero);
        Assert.That(BroadcastShape.Of([3, 0, 5], [1]).Count, Is.Zero);
    }
}
