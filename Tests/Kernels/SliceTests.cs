using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class SliceTests(string deviceName) : DeviceTests(deviceName)
{
    static readonly SliceShape[] Shapes =
    [
        new(3, 7, 2, 4, 5), new(1, 9, 0, 9, 2), new(5, 6, 5, 1, 1), new(2, 3, 0, 2, 131), new(4, 5, 2, 0, 3), new(0, 5, 1, 2, 3),
    ];

    [TestCaseSource(nameof(Shapes))]
    public void Extract_takes_the_range_and_insert_leaves_the_rest(SliceShape s)
    {
        var rng = new Random(1);
        double[] whole = Draw.Uniform(rng, s.Outer * s.Whole * s.Inner), part = Draw.Uniform(rng, s.Outer * s.Part * s.Inner), expected = [.. whole], extracted = new double[part.Length];
        for (int o = 0; o < s.Outer; o++)
            for (int k = 0; k < s.Part; k++)
                for (int i = 0; i < s.Inner; i++)
                {
                    int inWhole = (o * s.Whole + s.Offset + k) * s.Inner + i, inPart = (o * s.Part + k) * s.Inner + i;
                    extracted[inPart] = whole[inWhole];
                    expected[inWhole] = part[inPart];
                }
        ArrayView<float> onWhole = On(whole), taken = Fresh(part.Length);
        Device.Slice.Extract(onWhole, taken, s);
        Close.Check(extracted, Read(taken), 0, 0, "extracted");
        Device.Slice.Insert(On(part), onWhole, s);
        Close.Check(expected, Read(onWhole), 0, 0, "inserted");
    }

    [Test]
    public void Insert_into_zeros_is_the_adjoint_of_extract()
    {
        var s = new SliceShape(3, 7, 2, 4, 5);
        double[] x = Draw.Uniform(new Random(2), 3 * 7 * 5), y = Draw.Uniform(new Random(3), 3 * 4 * 5);
        ArrayView<float> ax = Fresh(y.Length), aty = On(new double[x.Length]);
        Device.Slice.Extract(On(x), ax, s);
        Device.Slice.Insert(On(y), aty, s);
        Adjoint.Check(Read(ax), y, x, Read(aty));
    }

    [TestCase(-1, 2), TestCase(6, 2), TestCase(0, 8)]
    public void Ranges_outside_the_axis_are_refused(int offset, int part) =>
        Assert.That(() => Device.Slice.Extract(Fresh(7), Fresh(part), new(1, 7, offset, part, 1)), Throws.TypeOf<ShapeException>().With.Message.EqualTo($"slice: [{offset}, {offset + part}) lies outside an axis of 7"));
}
