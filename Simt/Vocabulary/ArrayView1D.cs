using System.Runtime.CompilerServices;

namespace ILGPU
{
    /// <summary>How the elements of a one-dimensional view follow each other.</summary>
    public interface IStride1D
    {
        int XStride { get; }
    }

    /// <summary>The strides of one-dimensional views; kernels here use dense ones only.</summary>
    public static class Stride1D
    {
        /// <summary>One element right behind the other.</summary>
        public readonly struct Dense : IStride1D
        {
            public int XStride => 1;
        }
    }
}

namespace ILGPU.Runtime
{
    /// <summary>A one-dimensional view with its stride in the type; bit by bit the same as its <see cref="BaseView"/>.</summary>
    public readonly struct ArrayView1D<T, TStride> where T : unmanaged where TStride : struct, IStride1D
    {
        readonly ArrayView<T> _view;

        internal ArrayView1D(ArrayView<T> baseView) => _view = baseView;
        public ArrayView1D(ArrayView<T> baseView, LongIndex1D extent, TStride stride) => _view = baseView.SubView(0, extent.X);

        public static ArrayView1D<T, TStride> Empty => default;
        public static int ElementSize => ArrayView<T>.ElementSize;

        public ArrayView<T> BaseView => _view;
        public TStride Stride => default;
        public bool IsValid => _view.IsValid;
        public long Length => _view.Length;
        public int IntLength => _view.IntLength;
        public long LengthInBytes => _view.LengthInBytes;
        public LongIndex1D Extent => _view.Extent;
        public Index1D IntExtent => _view.IntExtent;

        public ref T this[Index1D index]
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => ref _view[index.X];
        }

        public ref T this[LongIndex1D index]
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => ref _view[index.X];
        }

        public ArrayView<T> AsContiguous() => _view;
        public ArrayView1D<T, Stride1D.Dense> AsDense() => new(_view);
        public ArrayView1D<T, TStride> SubView(Index1D index, Index1D extent) => new(_view.SubView(index.X, extent.X));
        public ArrayView1D<T, TStride> SubView(LongIndex1D index, LongIndex1D extent) => new(_view.SubView(index.X, extent.X));
    }
}
