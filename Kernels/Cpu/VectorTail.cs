using System.Numerics;

namespace IlgpuXai.Kernels;

/// <summary>The rest of an array that fills no whole vector.</summary>
/// <remarks>Going through a padded vector rather than a scalar loop gives every element the same bits wherever it stands.</remarks>
static unsafe class VectorTail
{
    public static Vector<float> Load(float* p, int count) => Load(p, count, 0f);

    public static Vector<float> Load(float* p, int count, float padding)
    {
        var v = new Vector<float>(padding);
        for (int i = 0; i < count; i++) ((float*)&v)[i] = p[i];
        return v;
    }

    public static void Store(Vector<float> v, float* p, int count)
    {
        for (int i = 0; i < count; i++) p[i] = ((float*)&v)[i];
    }
}
