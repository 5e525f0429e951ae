namespace IlgpuXai.Kernels;

/// <summary>The position of the largest value in a strided row.</summary>
static unsafe class ArgMaxScan
{
    public static int First(float* x, int length, int stride)
    {
        float best = *x;
        int at = 0;
        for (int i = 1; i < length; i++)
        {
            float v = x[(long)i * stride];
            if (float.IsNaN(best)) break;
            if (v <= best) continue;               // a NaN is not
            (best, at) = (v, i);
        }
        return at;
    }
}
