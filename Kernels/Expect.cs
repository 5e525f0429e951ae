using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>Checks before a launch: a view that is too short would corrupt memory, one that is too long hides a mistake, a count that wraps does both.</summary>
static class Expect
{
    /// <param name="what">Operation and operand: <c>reduce: y</c>.</param>
    public static void Length<T>(ArrayView<T> view, long length, string what) where T : unmanaged
    {
        if (view.Length != length) throw new ShapeException($"{what} has {view.Length} elements, expected {length}");
    }

    /// <summary>The product of sizes ≥ 0, which kernels count in 32 bits.</summary>
    /// <param name="what">Operation and operand: <c>conv2d: x</c>.</param>
    /// <exception cref="ShapeException">The product does not fit 32 bits.</exception>
    public static int Elements(string what, params ReadOnlySpan<int> sizes)
    {
        if (sizes.Contains(0)) return 0;
        long product = 1;
        foreach (int size in sizes)
        {
            product *= size;
            if (product > int.MaxValue) throw new ShapeException($"{what} {string.Join('×', sizes.ToArray())} has more than {int.MaxValue} elements");
        }
        return (int)product;
    }
}
