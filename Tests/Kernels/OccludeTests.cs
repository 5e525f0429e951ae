using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class OccludeTests(string deviceName) : DeviceTests(deviceName)
{
    static IEnumerable<TestCaseData> Shapes =>
    [
        Case("stride 1", new(2, 9, 11, 3, 4, 1, 1)),
        Case("last windows clipped", new(3, 10, 13, 4, 5, 3, 2)),
        Case("tiles", new(1, 6, 8, 2, 4, 2, 4)),
        Case("one window over everything", new(2, 5, 7, 5, 7, 5, 7)),
        Case("single pixels", new(1, 3, 4, 1, 1, 1, 1)),
    ];

    static TestCaseData Case(string why, OccludeShape s) => new TestCaseData(s).SetArgDisplayNames(why);

    [TestCaseSource(nameof(Shapes))]
    public void Paint_agrees_with_the_definition(OccludeShape s)
    {
        int size = s.C * s.H * s.W, first = s.Positions / 3, count = s.Positions - first;
        double[] image = Draw.Uniform(new Random(1), size), baseline = Draw.Uniform(new Random(2), size);
        Assert.That(s.Positions, Is.EqualTo(OccludeDefinition.Positions(s)));
        var batch = Fresh(count * size);
        Device.Occlude.Paint(On(image), On(baseline), batch, first, count, s);
        Close.Check(OccludeDefinition.Paint(image, baseline, first, count, s), Read(batch), 0, 0, "batch");
    }

    [TestCaseSource(nameof(Shapes))]
    public void Average_agrees_with_the_definition(OccludeShape s)
    {
        double[] drops = Draw.Uniform(new Random(3), s.Positions);
        var map = Fresh(s.H * s.W);
        Device.Occlude.Average(On(drops), map, s);
        Close.Check(OccludeDefinition.Average(drops, s), Read(map), 1e-6, 2e-7, "map");
    }

    [Test]
    public void Average_of_single_drops_is_the_adjoint_of_reading_the_map()
    {
        var s = new OccludeShape(1, 7, 9, 3, 4, 2, 3);
        double[] drops = Draw.Uniform(new Random(4), s.Positions), y = Draw.Uniform(new Random(5), s.H * s.W);
        var map = Fresh(y.Length);
        Device.Occlude.Average(On(drops), map, s);
        float[] transposed = new float[drops.Length];                       // Aᵀy, a column of A at a time
        for (int p = 0; p < drops.Length; p++)
        {
            double[] unit = new double[drops.Length];
            unit[p] = 1;
            var column = Fresh(y.Length);
            Device.Occlude.Average(On(unit), column, s);
            transposed[p] = (float)CentralDifferences.Dot(Array.ConvertAll(Read(column), v => (double)v), y);
        }
        Adjoint.Check(Read(map), y, drops, transposed);
    }

    [Test]
    public void A_NaN_drop_reaches_the_pixels_of_its_window_only()
    {
        var s = new OccludeShape(1, 5, 6, 2, 3, 1, 1);
        double[] drops = Draw.Uniform(new Random(6), s.Positions);
        drops[7] = double.NaN;
        var map = Fresh(30);
        Device.Occlude.Average(On(drops), map, s);
        Close.Check(OccludeDefinition.Average(drops, s), Read(map), 1e-6, 2e-7, "map");
        Assert.That(Read(map).Count(float.IsNaN), Is.EqualTo(6));
    }

    [Test]
    public void Positions_that_do_not_exist_are_refused()
    {
        var s = new OccludeShape(1, 3, 4, 2, 2, 1, 1);
        Assert.That(() => Device.Occlude.Paint(Fresh(12), Fresh(12), Fresh(24), 5, 2, s), Throws.TypeOf<ShapeException>().With.Message.EqualTo("occlusion: positions [5, 7) of 6"));
        Device.Occlude.Paint(On(new double[12]), On(new double[12]), Fresh(0), 6, 0, s);
    }
}
