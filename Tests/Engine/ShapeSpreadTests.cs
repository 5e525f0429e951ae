using IlgpuXai.Engine;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class ShapeSpreadTests
{
    [Test]
    public void A_shape_spread_into_another_gives_its_sizes_and_no_more()
    {
        Shape image = [3, 28, 29];
        Shape batch = [5, .. image];
        Assert.That(batch.Sizes.ToArray(), Is.EqualTo(new[] { 5, 3, 28, 29 }));
    }
}
