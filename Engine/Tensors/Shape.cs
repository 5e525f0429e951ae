using System.Runtime.CompilerServices;

namespace IlgpuXai.Engine;

/// <summary>Sizes of a tensor's axes, outermost first; the last axis is contiguous. Written <c>[1, 3, 4, 4]</c>; <c>[]</c> is one number.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>
{
    readonly int[]? _sizes;

    Shape(int[] sizes)
    {
        _sizes = sizes;
        long count = 1;
        foreach (int size in sizes)
        {
            if (size < 0) throw new ShapeException($"shape {this} has a negative size");
            count *= size;
            if (count > int.MaxValue) throw new ShapeException($"shape {this} has more than {int.MaxValue} elements");
        }
        Elements = (int)count;
    }

    public static Shape Create(params ReadOnlySpan<int> sizes) => new(sizes.ToArray());

    // Not called Count: [n, .. shape] would take that for the number of axes.
    /// <summary>How many numbers a tensor of this shape holds; 1 for <c>[]</c>.</summary>
    public int Elements { get => _sizes is null ? 1 : field; }

    public int Rank => Sizes.Length;

    public ReadOnlySpan<int> Sizes => _sizes;

    /// <summary>Size of an axis; <c>^1</c> is the last.</summary>
    public int this[Index axis] => Sizes[axis];

    /// <summary>The axes of a range: <c>shape[1..]</c>.</summary>
    public Shape this[Range axes] => Create(Sizes[axes]);

    /// <summary>The axis an index names, −1 being the last.</summary>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public int Axis(int index)
    {
        int axis = index < 0 ? index + Rank : index;
        if (axis < 0 || axis >= Rank) throw new ShapeException($"axis {index} does not exist in shape {this}");
        return axis;
    }

    /// <summary>This shape with another size along one axis.</summary>
    public Shape With(int axis, int size)
    {
        int[] sizes = Sizes.ToArray();
        sizes[Axis(axis)] = size;
        return new(sizes);
    }

    /// <summary>Product of the sizes of a range of axes; 1 if the range is empty.</summary>
    internal int Product(Range axes)
    {
        int product = 1;
        foreach (int size in Sizes[axes]) product *= size;
        return product;
    }

    public ReadOnlySpan<int>.Enumerator GetEnumerator() => Sizes.GetEnumerator();

    public bool Equals(Shape other) => Sizes.SequenceEqual(other.Sizes);
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);
    public static bool operator ==(Shape a, Shape b) => a.Equals(b);
    public static bool operator !=(Shape a, Shape b) => !a.Equals(b);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (int size in Sizes) hash.Add(size);
        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(", ", _sizes ?? [])}]";
}
