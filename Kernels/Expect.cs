using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>Checks before a launch: a view that is too short would corrupt memory, one that is too long hides a mistake.</summary>
static class Expect
{
    /// <param name="what">Operation and operand: <c>reduce: y</c>.</param>
    public static void Length<T>(ArrayView<T> view, long length, string what) where T : unmanaged
    {
        if (view.Length != length) throw new ShapeException($"{what} has {view.Length} elements, expected {length}");
    }
}
