using IlgpuXai.Engine;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class ShapeTests
{
    [Test]
    public void Equal_sizes_are_equal_shapes()
    {
        Shape a = [1, 3, 4], b = [1, 3, 4], c = [3, 1, 4];
        Assert.That(a, Is.EqualTo(b));
        Assert.That(a.GetHashCode(), Is.EqualTo(b.GetHashCode()));
        Assert.That(a == c, Is.False);
        Assert.That(default(Shape), Is.EqualTo(Shape.Create()));
    }

    [Test]
    public void A_shape_prints_its_sizes()
    {
        Shape four = [1, 3, 4, 4], none = [];
        Assert.That($"{four} {none}", Is.EqualTo("[1, 3, 4, 4] []"));
    }

    [Test]
    public void A_shape_without_axes_holds_one_number()
    {
        Assert.That(default(Shape).Elements, Is.EqualTo(1));
        Assert.That(Shape.Create(2, 0, 5).Elements, Is.Zero);
    }

    [Test]
    public void A_shape_spreads_into_another()
    {
        Shape image = [3, 5, 7], batch = [2, .. image];
        Assert.That(batch, Is.EqualTo(Shape.Create(2, 3, 5, 7)));
    }

    [Test]
    public void Axes_count_from_either_end()
    {
        Shape s = [2, 3, 5];
        Assert.That((s.Axis(-1), s.Axis(0), s[^1], s[1], s.With(-2, 7)), Is.EqualTo((2, 0, 5, 3, Shape.Create(2, 7, 5))));
        Assert.That(s[1..], Is.EqualTo(Shape.Create(3, 5)));
    }
}
