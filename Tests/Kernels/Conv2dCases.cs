using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Convolutions, each there for an edge that its name tells.</summary>
static class Conv2dCases
{
    /// <summary>Nothing to add, or nowhere to put it.</summary>
    public static IEnumerable<TestCaseData> Empty =>
    [
        Case("no images", new(0, 2, 5, 4, 3, 3, 3)),
        Case("no images, stride 2", new(0, 2, 5, 4, 3, 3, 3, 2, 2)),
        Case("no input channels", new(2, 0, 5, 4, 3, 2, 3)),
    ];

    public static IEnumerable<TestCaseData> Small =>
    [
        Case("one tile, no padding", new(1, 2, 5, 7, 3, 3, 2)),
        Case("padding keeps the size", new(2, 3, 6, 5, 4, 3, 3, padH: 1, padW: 1)),
        Case("channels and pixels cross a tile", new(3, 2, 7, 5, 17, 1, 1)),
        Case("outputs, pixels and sums cross a tile of 64", new(2, 8, 5, 14, 66, 3, 3)),
        Case("a weight gradient in several parts", new(3, 2, 24, 25, 3, 3, 3)),
        Case("a weight gradient in several parts, two groups", new(4, 4, 25, 23, 6, 2, 3, 1, 1, 1, 0, groups: 2)),
        Case("stride 2 leaves a remainder", new(1, 2, 8, 11, 3, 3, 3, 2, 2, 1, 1)),
        Case("stride 3 leaves a remainder", new(2, 3, 11, 13, 4, 3, 3, 3, 3, 1, 1)),
        Case("stride larger than the kernel", new(2, 3, 10, 7, 5, 2, 2, 3, 3)),
        Case("1×1 with stride 2", new(2, 5, 7, 9, 6, 1, 1, 2, 2)),
        Case("1×1 with stride 3 and padding", new(2, 5, 8, 9, 6, 1, 1, 3, 3, 1, 1)),
        Case("unequal strides", new(2, 3, 9, 11, 4, 3, 2, 2, 3)),
        Case("unequal paddings", new(2, 3, 5, 6, 4, 3, 4, padH: 0, padW: 3)),
        Case("unequal everything", new(2, 4, 13, 10, 6, 2, 3, 3, 2, 1, 2, 2, 1, 2)),
        Case("dilation 2", new(2, 3, 9, 8, 4, 3, 3, padH: 2, padW: 2, dilationH: 2, dilationW: 2)),
        Case("unequal dilation and stride 2", new(1, 3, 11, 12, 4, 3, 3, 2, 2, 1, 3, 1, 3)),
        Case("dilation and stride share a factor", new(1, 2, 12, 13, 3, 3, 2, 4, 2, 2, 1, 2, 4)),
        Case("two groups", new(2, 6, 5, 7, 4, 3, 3, padH: 1, padW: 1, groups: 2)),
        Case("depthwise", new(2, 5, 7, 6, 5, 3, 3, padH: 1, padW: 1, groups: 5)),
        Case("depthwise, two outputs per channel, stride 2", new(1, 3, 8, 9, 6, 3, 3, 2, 2, 1, 1, groups: 3)),
        Case("ResNet's first layer", new(1, 3, 13, 9, 5, 7, 7, 2, 2, 3, 3)),
        Case("more padding than a kernel can reach", new(1, 2, 4, 5, 3, 3, 3, padH: 4, padW: 5)),
        Case("more padding than a kernel can reach, stride 2", new(2, 2, 3, 4, 3, 2, 2, 2, 2, 3, 4)),
        Case("kernel larger than the image", new(2, 3, 3, 2, 4, 5, 4, padH: 1, padW: 1)),
        Case("one output pixel", new(3, 4, 5, 6, 7, 5, 6)),
        Case("one pixel in, one out, five images", new(5, 11, 1, 1, 9, 1, 1)),
        Case("one column", new(2, 3, 19, 1, 4, 3, 1, padH: 1)),
        Case("one row", new(2, 3, 1, 21, 4, 1, 3, 1, 2, 0, 1)),
        Case("one channel each", new(2, 1, 6, 7, 1, 3, 3)),
    ];

    /// <summary>Too large for emulated kernels: tiles of the processor, blocks of the reduction, the minimal-filtering algorithm.</summary>
    public static IEnumerable<TestCaseData> Large =>
    [
        .. from k in (int[])[13, 14, 15, 27, 28, 29] select Case($"{k} output channels", new(2, 3, 9, 11, k, 3, 3, padH: 1, padW: 1)),
        .. from q in (int[])[31, 32, 33, 63, 64, 65] select Case($"{q} output pixels", new(1, 4, 1, q, 5, 1, 1)),
        .. from q in (int[])[31, 32, 33] select Case($"rows of {q} pixels", new(2, 3, 4, q, 5, 3, 3, padH: 1, padW: 1)),
        .. from c in (int[])[255, 256, 257, 383, 384, 385, 511, 512, 513] select Case($"sums of {c} channels", new(1, c, 5, 7, 6, 1, 1)),
        .. from c in (int[])[28, 29, 42, 43, 56, 57] select Case($"sums of {c} channels × 9 taps, stride 2", new(1, c, 9, 10, 15, 3, 3, 2, 2, 1, 1)),
        Case("minimal filtering, least sizes", new(1, 16, 8, 9, 17, 3, 3, padH: 1, padW: 1)),
        Case("minimal filtering, odd sizes, no padding", new(2, 19, 11, 13, 16, 3, 3)),
        Case("minimal filtering, padding 2", new(1, 18, 9, 12, 21, 3, 3, padH: 2, padW: 2)),
        Case("minimal filtering, unequal padding", new(1, 17, 10, 15, 20, 3, 3, padH: 0, padW: 2)),
        Case("minimal filtering forward only", new(1, 16, 9, 11, 18, 3, 3, padH: 3, padW: 1)),
        Case("minimal filtering backward only", new(2, 16, 8, 9, 18, 3, 3)),
        Case("minimal filtering, two groups", new(3, 34, 9, 10, 32, 3, 3, padH: 1, padW: 1, groups: 2)),
        Case("minimal filtering, many tiles and images", new(5, 20, 23, 31, 30, 3, 3, padH: 1, padW: 1)),
        Case("minimal filtering, more than 512 channels", new(1, 530, 8, 8, 16, 3, 3, padH: 1, padW: 1)),
        Case("just too small for minimal filtering", new(2, 16, 7, 9, 16, 3, 3, padH: 1, padW: 1)),
        Case("just too few channels for minimal filtering", new(2, 15, 9, 10, 16, 3, 3, padH: 1, padW: 1)),
        Case("the digit study's second layer", new(3, 32, 26, 26, 64, 3, 3)),
        Case("ResNet 3×3, stride 2", new(2, 33, 15, 14, 35, 3, 3, 2, 2, 1, 1)),
        Case("ResNet 1×1, stride 2", new(2, 65, 14, 13, 70, 1, 1, 2, 2)),
        Case("ResNet's first layer, five images", new(5, 3, 37, 41, 30, 7, 7, 2, 2, 3, 3)),
        Case("dilation 2 over many channels", new(2, 31, 13, 17, 33, 3, 3, padH: 2, padW: 2, dilationH: 2, dilationW: 2)),
        Case("groups of 15 and 9 channels", new(2, 45, 11, 12, 27, 3, 3, padH: 1, padW: 1, groups: 3)),
        Case("depthwise 64", new(2, 64, 13, 15, 64, 3, 3, padH: 1, padW: 1, groups: 64)),
        Case("depthwise 5×5, stride 2", new(2, 40, 15, 18, 40, 5, 5, 2, 2, 2, 2, groups: 40)),
        Case("stride 3 with gaps", new(3, 20, 25, 28, 30, 2, 2, 3, 3)),
        Case("one output pixel from a whole map", new(6, 24, 7, 6, 50, 7, 6)),
    ];

    static TestCaseData Case(string why, Conv2dShape s) => new TestCaseData(s).SetArgDisplayNames(why);

    /// <summary>A convolution of up to about 200 000 products, drawn from everything that a shape can be.</summary>
    public static Conv2dShape Random(Random random)
    {
        while (true)
        {
            int groups = random.Next(4) == 0 ? random.Next(2, 4) : 1, most = random.Next(3) == 0 ? 24 : 6;
            int R = random.Next(1, 6), S = random.Next(1, 6), dilationH = random.Next(1, 4), dilationW = random.Next(1, 4);
            int H = random.Next(1, 20), W = random.Next(1, 24), padH = random.Next(0, 5), padW = random.Next(0, 5);
            if (random.Next(3) == 0) (R, S, dilationH, dilationW) = (3, 3, 1, 1);
            if (H + 2 * padH < dilationH * (R - 1) + 1 || W + 2 * padW < dilationW * (S - 1) + 1) continue;
            int stride = random.Next(2) == 0 ? 1 : 4;
            var s = new Conv2dShape(random.Next(1, 4), groups * random.Next(1, most), H, W, groups * random.Next(1, most), R, S,
                random.Next(1, stride + 1), random.Next(1, stride + 1), padH, padW, dilationH, dilationW, groups);
            if (s.Flops <= 400_000) return s;
        }
    }
}
