using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IlgpuXai.Kernels;

/// <summary>The rest of an array that fills no whole vector: the first <c>count</c> lanes, with padding in the others.</summary>
/// <remarks>Going through a padded vector rather than a scalar loop gives every element the same bits wherever it stands.</remarks>
static unsafe class VectorTail
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* p, int count) => Load(p, count, 0f);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(float* p, int count, float padding)
    {
        if (Avx.IsSupported && Vector<float>.Count == Vector256<float>.Count)
        {
            var mask = First(count);
            return Vector256.ConditionalSelect(mask, Avx.MaskLoad(p, mask), Vector256.Create(padding)).AsVector();
        }
        var v = new Vector<float>(padding);
        for (int i = 0; i < count; i++) v = v.WithElement(i, p[i]);
        return v;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> v, float* p, int count)
    {
        if (Avx.IsSupported && Vector<float>.Count == Vector256<float>.Count)
        {
            Avx.MaskStore(p, First(count), v.AsVector256());
            return;
        }
        for (int i = 0; i < count; i++) p[i] = v[i];
    }

    static Vector256<float> First(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}
